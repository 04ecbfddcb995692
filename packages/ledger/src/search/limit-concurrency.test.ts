import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { limitConcurrency } from './limit-concurrency.ts';

test('no more than so many are under way, each gets its turn in order, and a failure holds up nobody', async () => {
  const limited = limitConcurrency(2);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 7 }, (_each, i) =>
      limited(async () => {
        begun.push(i);
        most = Math.max(most, (running += 1));
        await turn();
        running -= 1;
        if (i === 2) throw new Error('no');
        return i;
      }),
    ),
  );
  expect([most, begun]).toEqual([2, [0, 1, 2, 3, 4, 5, 6]]);
  expect(outcomes.map(({ status }) => status === 'rejected')).toEqual([0, 0, 1, 0, 0, 0, 0].map(Boolean));
  expect(await limited(async () => 'still')).toBe('still');
});
