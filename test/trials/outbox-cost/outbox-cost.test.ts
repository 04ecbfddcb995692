import { expect, inject, test } from 'vitest';
import { runOutboxCost } from './run-outbox-cost.ts';

test('of two ingests that take orders in turns one keeps second copies, and what that costs is told', async () => {
  const cost = await runOutboxCost({
    rounds: 2,
    orders: 20,
    lanes: 4,
    stack: { redisUrl: inject('redisUrl') },
  });
  expect(cost.kept).toBeGreaterThanOrEqual(60);
  for (const ratio of [cost.rate, cost.cpu, cost.slowest]) expect(ratio.median).toBeGreaterThan(0);
});
