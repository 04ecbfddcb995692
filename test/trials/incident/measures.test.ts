import { expect, test } from 'vitest';
import { measure, type Evidence } from './measures.ts';
import type { Purchase } from './purchase.ts';

function aPurchase(changes: Partial<Purchase> = {}): Purchase {
  return {
    placedAt: 10_000,
    answeredAt: 10_050,
    fate: 'fulfilled',
    endedAt: 10_040,
    isDinerServed: true,
    ...changes,
  };
}

function evidence(purchases: Purchase[], changes: Partial<Evidence> = {}): Evidence {
  return {
    purchases,
    callsToDeadFactory: 0,
    alarmAt: 20_300,
    brokeAt: 20_000,
    mendedAt: 50_000,
    ...changes,
  };
}

test('orders that were fulfilled at once are placed, and nothing else', () => {
  expect(measure(evidence([aPurchase(), aPurchase()]))).toEqual({
    placed: 2,
    failedForDiner: 0,
    lost: 0,
    dead: 0,
    delayed: 0,
    longestDelayMs: 40,
    callsToDeadFactory: 0,
    firstAlarmAfterMs: 300,
    recoveredAfterMs: 0,
  });
});

test('an order fulfilled after its answer is delayed, and recovery lasts until the last of them', () => {
  const early = aPurchase({ placedAt: 21_000, answeredAt: 21_010, endedAt: 51_000 });
  const late = aPurchase({ placedAt: 49_000, answeredAt: 49_010, endedAt: 52_500 });
  const after = aPurchase({ placedAt: 60_000, answeredAt: 60_050, endedAt: 60_040 });
  expect(measure(evidence([early, late, after]))).toMatchObject({
    delayed: 2,
    longestDelayMs: 30_000,
    failedForDiner: 0,
    recoveredAfterMs: 2_500,
  });
});

test.for(['dead', 'refused', 'lost'] as const)('with an order that was %s there is no recovery', (fate) => {
  const bad = aPurchase({ fate, endedAt: Infinity, isDinerServed: false });
  expect(measure(evidence([aPurchase(), bad]))).toMatchObject({
    placed: 2,
    failedForDiner: 1,
    lost: fate === 'lost' ? 1 : 0,
    dead: fate === 'dead' ? 1 : 0,
    longestDelayMs: 40,
    recoveredAfterMs: null,
  });
});

test('a diner whose ticket never becomes valid was failed, whatever the shop says of the order', () => {
  expect(measure(evidence([aPurchase({ isDinerServed: false })]))).toMatchObject({
    failedForDiner: 1,
    lost: 0,
  });
});

test('no alarm is no number', () => {
  expect(measure(evidence([aPurchase()], { alarmAt: undefined })).firstAlarmAfterMs).toBeNull();
});
