import { trustedState, type BreakerState } from '@proofbox/factory/breaker';
import { expect, test } from 'vitest';
import { toFactoryView } from './factory-view.ts';

const now = Date.parse('2026-11-23T06:15:00.000Z');
const at = (ms: number): string => new Date(ms).toISOString();
const trusted = { factory: 'primary', isKnown: true, condition: 'closed' };

test.for<[string, Partial<BreakerState>, object]>([
  ['one that nobody has said anything of', { version: 0 }, { ...trusted, isKnown: false }],
  ['one that is tried carefully', { permits: 4 }, { ...trusted, permits: 4 }],
  [
    'one that asks for patience',
    { throttledUntil: now + 30_000 },
    { ...trusted, throttledUntil: at(now + 30_000) },
  ],
  ['one that asked for it a while ago', { throttledUntil: now }, trusted],
  [
    'an open one',
    { state: 'open', cause: 'chaos monkey', changedAt: now - 3_000, openUntil: now + 17_000 },
    { ...trusted, condition: 'open', cause: 'chaos monkey', since: at(now - 3_000), until: at(now + 17_000) },
  ],
  [
    'one whose probe is under way: it has been failing for longer than since the last change',
    {
      state: 'open',
      failingSince: now - 9_000,
      changedAt: now - 1_000,
      openUntil: now,
      probe: { orderId: 'pb-1', worker: 'host:7', until: now + 1_000 },
    },
    {
      ...trusted,
      condition: 'half_open',
      since: at(now - 9_000),
      probe: { orderId: 'pb-1', worker: 'host:7', until: at(now + 1_000) },
    },
  ],
  [
    'one that refuses us, which an operator has forced open',
    {
      state: 'open',
      refused: 'ours',
      changedAt: 1,
      forced: { to: 'open', by: 'ann', at: now - 5, why: 'why' },
    },
    {
      ...trusted,
      condition: 'forced_open',
      unforced: 'out_of_service',
      since: at(now - 5),
      forced: { to: 'open', by: 'ann', at: at(now - 5), why: 'why' },
    },
  ],
  [
    'what a clock an hour ahead has written: that is no promise',
    { state: 'open', changedAt: now + 3_600_000, openUntil: now + 3_600_000 },
    { ...trusted, condition: 'half_open', since: at(now) },
  ],
])('%s', ([, state, shown]) => {
  const breaker = { ...trustedState('primary'), version: 7, ...state };
  expect(toFactoryView(breaker, { lastFulfilledAt: 0, knowsCanaries: false }, now)).toEqual(shown);
});

test('when it last baked, and how long that takes it', () => {
  const facts = { lastFulfilledAt: now - 3_000, latencyMs: 21.4, knowsCanaries: false };
  expect(toFactoryView({ ...trustedState('primary'), version: 1 }, facts, now)).toEqual({
    ...trusted,
    lastFulfilledAt: at(now - 3_000),
    latencyMs: 21.4,
  });
});
