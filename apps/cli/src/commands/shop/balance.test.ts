import type { Overview } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { balanceOf } from './balance.ts';
import { statsView } from './stats-view.ts';
import { createPaint } from '../../terminal/terminal.ts';

const counts: Overview['counts'] = { queued: 1, baking: 2, fulfilled: 4, held: 8, dead: 16, discarded: 32 };
const overview: Overview = {
  at: '2026-11-23T06:15:00.000Z',
  counts,
  accepted: 63,
  acceptedPerSecond: 0.25,
  fulfilledPerSecond: 1_200,
  backlog: 3,
  oldestPendingAt: '2026-11-23T06:12:00.000Z',
  secondsToEmpty: 90,
  workers: 2,
  factories: [{ factory: 'primary', condition: 'half_open', isKnown: true }],
  queuePause: { isPaused: true, by: 'ann', at: '2026-11-23T06:14:00.000Z', why: 'moving' },
  warnings: [{ level: 'critical', text: 'No worker\u001b[2J is alive.' }],
};

function view(changes: Partial<Overview>): string {
  const now = Date.parse(overview.at);
  const paint = createPaint({ hasColours: false });
  return statsView({ ...overview, ...changes }, { paint, now, width: undefined });
}

/** @guarantee G7 */
test('every state is in the balance', () => {
  expect(balanceOf(overview)).toEqual({ balanced: true, accepted: 63, accountedFor: 63 });
  expect(view({})).toContain(
    'The ledger balances: 63 accepted = 4 fulfilled + 3 pending + 8 held + 16 dead + 32 discarded.',
  );
});

test.each(['queued', 'baking', 'fulfilled', 'held', 'dead', 'discarded'] as const)(
  'a difference of one in %s is seen',
  (name) => {
    const changed = { ...overview, counts: { ...counts, [name]: counts[name] + 1 } };
    expect(balanceOf(changed).balanced).toBe(false);
  },
);

test('a difference is told in plain words, with its direction', () => {
  expect(view({ accepted: 64 })).toMatch(
    /does NOT balance: 64 accepted, but .* = 63\. 1 order cannot be found\./,
  );
  expect(view({ counts: { ...counts, dead: 18 } })).toMatch(
    /does NOT balance: 63 accepted, but .* = 65\. 2 orders too many\./,
  );
});

test('the rest is told as well: rates, the oldest order, workers, factories, the pause, and what is wrong', () => {
  const lines = view({}).split('\n');
  expect(lines).toContain('  accepted   63  0.3 a second');
  expect(lines).toContain('  fulfilled   4  1,200 a second');
  expect(lines).toContain('Oldest pending  2026-11-23T06:12:00.000Z (3 min ago)');
  expect(lines).toContain('Empty in        about 1 min 30 s');
  expect(lines).toContain('Factories       primary half open');
  expect(lines).toContain(
    'Paused: no worker takes orders, since 2026-11-23T06:14:00.000Z (1 min ago) by ann: moving',
  );
  expect(lines).toContain('• No worker [2J is alive.');
});
