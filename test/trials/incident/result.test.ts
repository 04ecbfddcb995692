import { expect, test } from 'vitest';
import { problemsOf, toJson, type ShopResult } from './result.ts';
import type { ShopKey } from './shop.ts';
import { shortfallsOf } from './shortfalls.ts';

const measures = {
  placed: 10,
  failedForDiner: 0,
  lost: 0,
  dead: 0,
  delayed: 4,
  longestDelayMs: 900,
  callsToDeadFactory: 5,
  firstAlarmAfterMs: 300,
  recoveredAfterMs: 1_000,
};

function aShop(key: ShopKey, changes: Partial<typeof measures> = {}): ShopResult {
  return {
    key,
    name: key,
    purchases: [],
    alarmAt: undefined,
    probesTogether: 1,
    measures: { ...measures, ...changes },
  };
}

function threeShops(synchronousFailures: number, changes: Partial<typeof measures> = {}): ShopResult[] {
  return [
    aShop('synchronous', { failedForDiner: synchronousFailures, lost: synchronousFailures }),
    aShop('proofbox', changes),
    aShop('proofboxWithFallback'),
  ];
}

test('the last line has the speed and the three shops', () => {
  expect(JSON.parse(toJson({ speed: 60, shops: threeShops(4) }))).toEqual({
    speed: 60,
    synchronous: { ...measures, failedForDiner: 4, lost: 4 },
    proofbox: measures,
    proofboxWithFallback: measures,
  });
});

test('only the shop as it was may lose orders', () => {
  expect(problemsOf({ shops: threeShops(4) })).toEqual([]);
});

test.for(['lost', 'dead', 'failedForDiner'] as const)(
  'one order of Proofbox that is %s is a problem',
  (what) => {
    expect(problemsOf({ shops: threeShops(4, { [what]: 1 }) })).toEqual([
      expect.stringMatching(/^proofbox .*1 order/),
    ]);
  },
);

test('a replay in which the shop as it was fails nobody shows nothing', () => {
  expect(problemsOf({ shops: threeShops(0) })).toHaveLength(1);
});

test('what is slower than it should be is told, and is no problem', () => {
  const slow = { longestDelayMs: 41_000, recoveredAfterMs: 15_001 };
  expect(shortfallsOf({ shops: threeShops(4) })).toEqual([]);
  expect(shortfallsOf({ shops: threeShops(4, slow) })).toEqual([expect.stringMatching('15 s to recover')]);
  expect(problemsOf({ shops: threeShops(4, slow) })).toEqual([]);
  const withFallback = aShop('proofboxWithFallback', { longestDelayMs: 5_001 });
  expect(shortfallsOf({ shops: [withFallback] })).toEqual([expect.stringMatching('more than 5 s')]);
});

test('a second probe at once is told', () => {
  const shop = { ...aShop('proofbox'), probesTogether: 2 };
  expect(shortfallsOf({ shops: [shop] })).toEqual([expect.stringMatching('2 probes at once')]);
});
