import { expect, test } from 'vitest';
import { FailureWindow } from './failure-window.ts';

/** Records orders one ms apart: `+` was baked, `-` was not. @param from numbers them, so that each is an order of its own */
function record(window: FailureWindow, fates: string, { from = 0, at = 0 } = {}): void {
  [...fates].forEach((fate, i) => window.record(`order-${from + i}`, fate === '+', at + i));
}

test.for<[string, boolean]>([
  ['', false],
  ['---------', false],
  ['----------', true],
  ['+++++-----', true],
  ['-----+++++', true],
  ['++++++-----', false],
  ['++++++----', false],
  ['++++++------', true],
])('%s: mostly failing is %s', ([fates, mostlyFailing]) => {
  const window = new FailureWindow();
  record(window, fates);
  expect(window.mostlyFailing).toBe(mostlyFailing);
});

test('an order counts once, however often it was tried', () => {
  const window = new FailureWindow();
  for (let i = 0; i < 100; i += 1) window.record('poison', false, i);
  expect(window.mostlyFailing).toBe(false);
  record(window, '++++++++', { at: 100 });
  expect(window.mostlyFailing).toBe(false);
});

test('an order counts with how it fared last', () => {
  const window = new FailureWindow();
  record(window, '----------');
  record(window, '++++++', { at: 100 });
  expect(window.mostlyFailing).toBe(false);
});

test('what is 30 s old does not count any more', () => {
  const window = new FailureWindow();
  record(window, '---------');
  record(window, '-', { from: 100, at: 30_000 });
  expect(window.mostlyFailing).toBe(false);
  const justInTime = new FailureWindow();
  record(justInTime, '---------');
  record(justInTime, '-', { from: 100, at: 29_999 });
  expect(justInTime.mostlyFailing).toBe(true);
});

test('after a clear nothing counts', () => {
  const window = new FailureWindow();
  record(window, '---------');
  window.clear();
  record(window, '-', { from: 100 });
  expect(window.mostlyFailing).toBe(false);
});
