import { expect, inject, test } from 'vitest';
import { runJournalCost } from './run-journal-cost.ts';

test('of two ingests that take orders in turns one keeps a journal, and what that costs is told', async () => {
  const cost = await runJournalCost({
    rounds: 2,
    orders: 20,
    lanes: 4,
    stack: { redisUrl: inject('redisUrl') },
  });
  expect(cost.journaled).toBeGreaterThanOrEqual(60);
  for (const ratio of [cost.rate, cost.cpu, cost.slowest]) expect(ratio.median).toBeGreaterThan(0);
});
