import { describe, expect, test } from 'vitest';
import { FailShare } from './fail-share.ts';

/** Fresh orders one ms apart: `+` is baked, `-` is not; `o` is an order that failed before and is baked. */
function seen(fates: string, { share = new FailShare(), at = 1 } = {}): FailShare {
  [...fates].forEach((fate, i) => {
    if (fate === '-') share.failed(at + i);
    else share.baked(at + i, fate === '+');
  });
  return share;
}

const half = `${'+-'.repeat(50)}+`;

test.for<[what: string, fates: string, shortest: number, longest: number, isMixed: boolean]>([
  ['nothing was seen', '', 3, 3, false],
  ['all are baked', '++++++++++', 3, 3, false],
  ['two of a hundred failed long ago', `--${'+'.repeat(98)}`, 3, 3, false],
  ['one in five fails', `${'++++-'.repeat(20)}+`, 3, 5, true],
  ['two in five fail', `${'+++--'.repeat(20)}+`, 5, 8, true],
  ['every second one fails', half, 6, 10, true],
  ['nine in ten fail, which is down for all that it matters', '---------+'.repeat(20), 8, 12, true],
])('%s', ([, fates, shortest, longest, isMixed]) => {
  const share = seen(fates);
  expect(share.rowNeeded).toBeGreaterThanOrEqual(shortest);
  expect(share.rowNeeded).toBeLessThanOrEqual(longest);
  expect(share.isMixed).toBe(isMixed);
});

describe('a row of failures', () => {
  test('does not count before an order is baked after it: it may be an outage', () => {
    const share = seen('-------');
    expect(share.share).toBe(0);
    expect(seen('+', { share, at: 8 }).share).toBeGreaterThan(0.6);
  });

  test('never counts when it was an outage', () => {
    const share = seen('+-------');
    share.forgetRow();
    expect(seen('+', { share, at: 9 }).share).toBe(0);
  });

  test('counts also when a suspect is baked after it, which itself counts for nothing', () => {
    const [withSuspect, withFresh] = [seen('++++--o'), seen('++++--+')];
    expect(withSuspect.share).toBeGreaterThan(withFresh.share);
    expect(withFresh.share).toBeGreaterThan(0.2);
  });

  test('of one order says little: five in a row are an outage then', () => {
    expect(seen('-+').rowNeeded).toBeLessThanOrEqual(5);
  });
});

test('what was seen is outweighed by what is seen now, within a few dozen orders', () => {
  const share = seen(half);
  seen('+'.repeat(40), { share, at: 200 });
  expect(share).toMatchObject({ rowNeeded: 3, isMixed: false });
});

test('and is forgotten with time, within an hour', () => {
  const share = seen(half);
  seen('+', { share, at: 3_600_000 });
  expect(share).toMatchObject({ rowNeeded: 3, isMixed: false });
});

test('a clock that is set back makes nothing older, nor younger', () => {
  const share = seen(half, { at: 1_000_000 });
  const before = share.share;
  seen('+', { share, at: 1_000 });
  expect(share.share).toBeGreaterThan(0.9 * before);
});
