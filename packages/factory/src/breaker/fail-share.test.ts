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

const half = '+-'.repeat(50);

test.for<[fates: string, rowNeeded: number, isMixed: boolean]>([
  ['', 3, false],
  ['++++++++++', 3, false],
  // One in ten.
  ['+++++++++-'.repeat(20), 3, true],
  // Four in ten.
  ['+++--'.repeat(20), 5, true],
  [`${half}+`, 7, true],
  // Nine in ten, which is down for all that it matters: no longer row than eight.
  ['---------+'.repeat(20), 8, true],
  // Two in a hundred: not worth another call at once.
  [`${'+'.repeat(98)}--+`, 3, false],
])('%s: a row of %i is an outage, mixed is %s', ([fates, rowNeeded, isMixed]) => {
  const share = seen(fates);
  expect({ rowNeeded: share.rowNeeded, isMixed: share.isMixed }).toEqual({ rowNeeded, isMixed });
});

describe('a row of failures', () => {
  test('does not count before an order is baked after it: it may be an outage', () => {
    const share = seen('-------');
    expect(share.share).toBe(0);
    expect(seen('+', { share, at: 8 }).share).toBeCloseTo(0.7);
  });

  test('never counts when it was an outage', () => {
    const share = seen('+-------');
    share.forgetRow();
    expect(seen('+', { share, at: 9 }).share).toBe(0);
  });

  test('counts also when a suspect is baked after it, which itself counts for nothing', () => {
    const share = seen('++++--o');
    expect(share.share).toBeCloseTo(2 / (2 + 4 + 2));
  });

  test('of one order says little: four in a row are an outage then', () => {
    expect(seen('-+').rowNeeded).toBe(4);
  });
});

test('what was seen 20 s ago counts half, and after a few minutes hardly at all', () => {
  const share = seen(`${half}+`);
  expect(share.rowNeeded).toBe(7);
  seen('+', { share, at: 101 + 20_000 });
  expect(share.share).toBeGreaterThan(0.45);
  seen('+', { share, at: 101 + 300_000 });
  expect(share).toMatchObject({ rowNeeded: 3, isMixed: false });
});

test('a clock that is set back makes nothing older, nor younger', () => {
  const share = seen(`${half}+`, { at: 1_000_000 });
  seen('+', { share, at: 1_000 });
  expect(share.rowNeeded).toBe(7);
});
