import { expect, test } from 'vitest';
import { readSelection, type Selection } from './selection.ts';

function selectionOf(args: string[], changed: string[] = []): Selection {
  return readSelection(args, { folders: ['browser', 'e2e'], changedFiles: () => changed });
}

test('without arguments it is everything', () => {
  expect(selectionOf([])).toEqual({ isWhole: true, isWatch: false, hasBrowser: true, args: [] });
});

test('paths, parts of paths and names of tests go to vitest, and no page is prepared for them', () => {
  expect(selectionOf(['packages/ledger', '--filter', 'breaker', '-t', 'double click'])).toEqual({
    isWhole: false,
    isWatch: false,
    hasBrowser: false,
    args: ['-t', 'double click', 'packages/ledger', 'breaker'],
  });
});

test.each([
  [['-t', 'a ticket']],
  [['test/browser/keyboard.test.ts']],
  [['--filter', 'test/']],
  [['--filter=test/browser']],
])('%j may reach the pages of the console', (args) => expect(selectionOf(args).hasBrowser).toBe(true));

test('--changed leaves out the tests of whole processes', () => {
  const { args, hasBrowser } = selectionOf(['--changed'], ['apps/worker/src/start.ts']);
  expect(args).toEqual(['--changed', '--exclude', 'test/browser/**', '--exclude', 'test/e2e/**']);
  expect(hasBrowser).toBe(false);
});

test('--changed has the tests of whole processes that were changed themselves', () => {
  const { args } = selectionOf(['--changed=main'], ['test/e2e/outage.test.ts']);
  expect(args).toEqual(['--changed=main', '--exclude', 'test/browser/**']);
});

test('--watch is for the runner', () => {
  expect(selectionOf(['--watch', 'apps/cli'])).toMatchObject({ isWatch: true, args: ['apps/cli'] });
});
