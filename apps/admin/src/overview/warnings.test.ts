import { trustedState, type BreakerState } from '@proofbox/factory/breaker';
import { expect, test } from 'vitest';
import { warningsOf, type Situation } from './warnings.ts';

const now = Date.parse('2026-11-23T14:05:30.000Z');
const calm: Situation = {
  now,
  counts: { queued: 3, baking: 1, fulfilled: 10, held: 0, dead: 0, discarded: 2 },
  oldestPendingAt: now - 4 * 60_000,
  workers: 2,
  breakers: [trustedState('primary'), trustedState('fallback')],
  queuePause: { isPaused: false, by: 'ann', at: '2026-11-23T14:00:00.000Z', why: 'done' },
  loss: undefined,
  reconcile: { at: now, difference: { counters: 0, indexes: 0, drift: 0 } },
};

const primary = (changes: Partial<BreakerState>): BreakerState => ({
  ...trustedState('primary'),
  version: 1,
  ...changes,
});
const open = primary({
  state: 'open',
  changedAt: now - 1_000,
  failingSince: now - 600_000,
  openUntil: now + 1_000,
});
const halfOpen = { ...open, openUntil: now - 1 };
const forcedOpen: BreakerState = {
  ...trustedState('fallback'),
  forced: { to: 'open', by: 'ann', at: now - 120_000, why: 'cleaned' },
};
const counts = calm.counts;

test('of an ordinary day, with orders under way and some discarded, there is nothing to say', () => {
  expect(warningsOf(calm)).toEqual([]);
});

test.for<[string, Partial<Situation>, RegExp]>([
  [
    'a loss of Redis',
    { loss: { noticedAt: now, kind: 'other_dataset', acceptedBefore: 120, acceptedAfter: 0 } },
    /^Redis came back with less.*2026-11-23 14:05 UTC: 120 orders before, 0 after.*`proofbox reconcile`.*--acknowledge-loss/,
  ],
  [
    'a ledger that does not balance',
    { reconcile: { at: now, difference: { counters: 0, indexes: 1, drift: 0 } } },
    /^The ledger does not balance.*`proofbox reconcile`/,
  ],
  ['no worker while orders wait', { workers: 0 }, /^No worker is alive.*Start a worker/],
  [
    'no factory, since the last one went',
    { breakers: [open, forcedOpen] },
    /^No factory has taken orders since 2026-11-23 14:03 UTC\./,
  ],
  ['a probe alone is no way out of an outage', { breakers: [halfOpen] }, /since 2026-11-23 13:55 UTC/],
  [
    'a factory that refuses us',
    { breakers: [{ ...open, refused: 'ours', cause: '401' }, trustedState('fallback')] },
    /^The primary factory refuses us \(401\).*several orders in a row.*URL or API key.*try one order/,
  ],
  [
    'a paused queue, and that deadlines run on',
    { queuePause: { ...calm.queuePause, isPaused: true } },
    /^The queue has been paused since 2026-11-23 14:00 UTC by ann \(done\).*deadlines run on.*Resume/,
  ],
  [
    'an order that waits for long',
    { oldestPendingAt: now - 5 * 60_000 },
    /^The oldest order has waited since/,
  ],
  [
    'dead letters',
    { counts: { ...counts, dead: 2, held: 1 } },
    /^3 orders need an operator: 2 dead, 1 held\. Look at the dead letters/,
  ],
  ['one dead letter', { counts: { ...counts, held: 1 } }, /^1 order needs an operator/],
])('%s is told, with what to do', ([, changes, words]) => {
  expect(warningsOf({ ...calm, ...changes }).map((each) => each.text)).toEqual([
    expect.stringMatching(words),
  ]);
});

test.for<[string, Partial<Situation>]>([
  ['no worker where nothing waits', { workers: 0, counts: { ...counts, queued: 0, baking: 0 } }],
  ['one of two factories that is open', { breakers: [open, trustedState('fallback')] }],
  ['no factory that anybody knows of', { breakers: [] }],
  ['no reconcile yet', { reconcile: undefined }],
])('%s is nothing to worry about', ([, changes]) => {
  expect(warningsOf({ ...calm, ...changes })).toEqual([]);
});

test('the worst comes first', () => {
  const bad = warningsOf({
    ...calm,
    workers: 0,
    breakers: [open],
    counts: { ...counts, dead: 1 },
    loss: { noticedAt: now, kind: 'older_dataset', acceptedBefore: 2, acceptedAfter: 1 },
  });
  expect(bad.map(({ level, text, page }) => [level, text.split(' ', 2).join(' '), page])).toEqual([
    ['critical', 'Redis came', undefined],
    ['critical', 'No worker', undefined],
    ['critical', 'No factory', 'factories'],
    ['warning', '1 order', 'dead-letters'],
  ]);
});
