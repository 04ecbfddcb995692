import type { LedgerStats } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import { checkBooks } from './books.ts';
import { statsView } from './stats-view.ts';
import { createPaint } from './terminal.ts';

const counters: LedgerStats['counters'] = {
  accepted: 63,
  queued: 1,
  baking: 2,
  fulfilled: 4,
  held: 8,
  dead: 16,
  discarded: 32,
  lateReceipts: 64,
};

function view(changes: Partial<LedgerStats['counters']>): string {
  const all = { ...counters, ...changes };
  return statsView(
    {
      counters: all,
      oldestPendingAt: undefined,
      jobs: { waiting: 1, delayed: 2, active: 3 },
      books: checkBooks(all),
    },
    { paint: createPaint({ hasColours: false }), now: 0 },
  );
}

test('every state is in the balance, and a late receipt is not', () => {
  expect(checkBooks(counters)).toEqual({ balanced: true, accepted: 63, accountedFor: 63 });
  expect(view({})).toContain(
    'The books balance: 63 accepted = 4 fulfilled + 3 pending + 8 held + 16 dead + 32 discarded.',
  );
});

test.each(['accepted', 'queued', 'baking', 'fulfilled', 'held', 'dead', 'discarded'] as const)(
  'a difference of one in %s is seen',
  (name) => {
    expect(checkBooks({ ...counters, [name]: counters[name] + 1 }).balanced).toBe(false);
  },
);

test('a difference is told in plain words, with its direction', () => {
  expect(view({ accepted: 64 })).toMatch(
    /do NOT balance: 64 accepted, but .* = 63\. 1 order cannot be found\./,
  );
  expect(view({ dead: 18 })).toMatch(/do NOT balance: 63 accepted, but .* = 65\. 2 orders too many\./);
});
