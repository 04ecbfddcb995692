import { describe, expect, test } from 'vitest';
import {
  asItCanMean,
  breakerState,
  conditionOf,
  isHalfOpen,
  trustedState,
  unforcedConditionOf,
  type BreakerState,
} from './breaker-state.ts';

const now = 1_000_000_000;
const hour = 3_600_000;
const trusted = trustedState('primary');
const opened: BreakerState = {
  ...trusted,
  state: 'open',
  openUntil: now + 1_000,
  suspectsUntil: now + 2_000,
};
const word = { by: 'ann', at: now, why: '-' };

test('a factory of which nothing is known is trusted', () => {
  expect(conditionOf(trusted, now)).toBe('closed');
  expect(breakerState.parse(trusted)).toEqual(trusted);
});

describe('as it can mean', () => {
  const probe = { orderId: 'p', worker: 'w', until: now + 125_000 };

  test.for<[string, Partial<BreakerState>]>([
    ['an open time', { openUntil: now + 72_000 }],
    ['what a suspect found at its end', { suspectsUntil: now + 144_000 }],
    ['the time for which it is spared', { sparedUntil: now + 72_000 }],
    ['patience for a minute', { throttledUntil: now + 60_000 }],
    ['a probe with the longest time-out there is', { probe }],
    [
      'patience for a minute that a worker has noted whose clock is ahead by a little',
      { throttledUntil: now + 60_020 },
    ],
    ['a narrowing of such a worker', { narrowedAt: now + 20 }],
    ['what is long past', { openUntil: 1, throttledUntil: 1, failingSince: 1, changedAt: 1, narrowedAt: 1 }],
  ])('%s stays as it is', ([, fields]) => {
    const state = { ...opened, ...fields };
    expect(asItCanMean(state, now)).toEqual(state);
  });

  test.for<[string, Partial<BreakerState>, Partial<BreakerState>]>([
    ['an open time', { openUntil: now + hour }, { openUntil: 0 }],
    ['the time for which suspects wait', { suspectsUntil: now + hour }, { suspectsUntil: 0 }],
    ['the time for which it is spared', { sparedUntil: now + hour }, { sparedUntil: 0 }],
    ['patience', { throttledUntil: now + hour }, { throttledUntil: 0 }],
    ['a narrowing', { narrowedAt: now + hour }, { narrowedAt: 0 }],
    ['the beginning of an outage', { failingSince: now + hour }, { failingSince: now }],
    ['a change', { changedAt: now + hour }, { changedAt: now }],
    ['a probe', { probe: { ...probe, until: now + hour } }, { probe: undefined }],
  ])('%s an hour ahead is none', ([, fields, expected]) => {
    expect(asItCanMean({ ...opened, ...fields }, now)).toEqual({ ...opened, ...expected });
  });

  test('an instant an hour ahead is no wedge', () => {
    const state = { ...opened, openUntil: now + hour };
    expect([conditionOf(state, now), isHalfOpen(state, now)]).toEqual(['half_open', true]);
  });
});

test.for<[string, BreakerState, string, string, boolean]>([
  ['closed', trusted, 'closed', 'closed', false],
  ['open', opened, 'open', 'open', false],
  ['open, its time over', { ...opened, openUntil: now }, 'half_open', 'half_open', true],
  ['refusing us', { ...opened, refused: 'ours' }, 'out_of_service', 'out_of_service', false],
  [
    'refusing us, its time over',
    { ...opened, refused: 'ours', openUntil: now },
    'out_of_service',
    'out_of_service',
    true,
  ],
  ['forced open', { ...trusted, forced: { to: 'open', ...word } }, 'forced_open', 'closed', false],
  [
    'forced closed',
    { ...opened, openUntil: now, forced: { to: 'closed', ...word } },
    'forced_closed',
    'half_open',
    false,
  ],
])('%s', ([, state, condition, unforced, halfOpen]) => {
  expect(conditionOf(state, now)).toBe(condition);
  expect(unforcedConditionOf(state, now)).toBe(unforced);
  expect(isHalfOpen(state, now)).toBe(halfOpen);
});
