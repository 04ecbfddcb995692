import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { watchReplicas } from './replicas.ts';

type Wait = { command: 'WAIT' | 'WAITAOF'; answer: (reached: number) => void };

/** Waits are answered by hand; a Redis with replicas of its own is in test/e2e/replicas.test.ts. */
function aRedis({ knowsWaitAof }: { knowsWaitAof: boolean }): { redis: Redis; waits: Wait[] } {
  const waits: Wait[] = [];
  const wait = <T>(command: Wait['command'], toReply: (reached: number) => T): Promise<T> =>
    new Promise((resolve) => waits.push({ command, answer: (reached) => resolve(toReply(reached)) }));
  const redis = {
    call: () =>
      knowsWaitAof
        ? wait('WAITAOF', (reached) => [1, reached])
        : Promise.reject(new Error("ERR unknown command 'WAITAOF'")),
    wait: () => wait('WAIT', (reached) => reached),
  };
  return { redis: redis as unknown as Redis, waits };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test.for([
  [true, 'WAITAOF'],
  [false, 'WAIT'],
] as const)('where WAITAOF is known (%s), %s is asked for', async ([knowsWaitAof, command]) => {
  const { redis, waits } = aRedis({ knowsWaitAof });
  const replicas = watchReplicas({ redis, atLeast: 1, timeoutMs: 800 });
  const [enough, tooFew] = [replicas.confirm(), replicas.confirm()];
  await turn();
  waits[0]!.answer(1);
  await enough;
  await turn();
  waits[1]!.answer(0);
  await expect(tooFew).rejects.toThrow('only 0 of 1 replicas');
  expect(waits.map((each) => each.command)).toEqual([command, command]);
});

test('those who come while a wait is under way share the next one, because the first does not cover what they wrote', async () => {
  const { redis, waits } = aRedis({ knowsWaitAof: true });
  const replicas = watchReplicas({ redis, atLeast: 1, timeoutMs: 800 });
  const done: number[] = [];
  const all = Array.from({ length: 10 }, (_, i) => replicas.confirm().then(() => done.push(i)));
  await turn();
  waits[0]!.answer(1);
  await turn();
  expect(done).toEqual([0]);
  waits[1]!.answer(1);
  await Promise.all(all);
  expect(waits).toHaveLength(2);
});

test('without replicas nobody is asked', async () => {
  const { redis, waits } = aRedis({ knowsWaitAof: true });
  await watchReplicas({ redis, atLeast: 0, timeoutMs: 800 }).confirm();
  expect(waits).toEqual([]);
});
