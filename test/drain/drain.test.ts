import { expect, inject, test } from 'vitest';
import { runDrain } from './run-drain.ts';

test('a backlog drains without being sent back: a factory that bears 100 orders a second complains of few', async () => {
  const result = await runDrain({ backlog: 800, rps: 100, stack: { redisUrl: inject('redisUrl') } });
  expect(result).toMatchObject({ fulfilled: 803 });
  expect(result.throttledShare).toBeLessThan(0.04);
});
