import { expect, inject, test } from 'vitest';
import { runDrain } from './run-drain.ts';

/** @guarantee G3 */
test('a backlog drains without being sent back: a factory that bears 100 orders a second complains of few', async () => {
  const result = await runDrain({ backlog: 800, rps: 100, stack: { redisUrl: inject('redisUrl') } });
  expect(result).toMatchObject({ fulfilled: 803 });
  // What was under way when it first complained is sent back, some 5 % of so few; without a learnt rate it is over 30 %.
  expect(result.throttledShare).toBeLessThan(0.15);
});
