import { expect, test } from 'vitest';
import { expireOverdue } from './expire-overdue.ts';

/** A ledger of which so many orders are overdue, and what was told of them. */
function withOverdue(count: number) {
  const overdue = Array.from({ length: count }, (_each, n) => `pb-${n}`);
  const deadLetters: string[] = [];
  return {
    deadLetters,
    ledger: {
      overdueIds: async (most: number) => overdue.slice(0, most),
      async expire(id: string) {
        overdue.splice(overdue.indexOf(id), 1);
        return { status: 'dead_lettered' as const };
      },
    },
    events: { deadLettered: (id: string) => void deadLetters.push(id) },
  };
}

test('every overdue order becomes a dead letter, however many there are', async () => {
  const all = withOverdue(450);
  await expireOverdue({ ...all, mayExpire: () => true });
  expect(new Set(all.deadLetters).size).toBe(450);
});

test('no order expires while a clock is in doubt', async () => {
  const all = withOverdue(20);
  await expireOverdue({ ...all, mayExpire: () => false });
  expect(all.deadLetters).toEqual([]);
});
