import { expect, test } from 'vitest';
import { heartbeat } from './heartbeat.ts';

/** What a heartbeat does, in order; `read` is what becomes of reading the breakers. */
function aHeartbeat(read: () => Promise<void>) {
  const done: string[] = [];
  const note = (what: string) => () => void done.push(what);
  const task = heartbeat({
    redis: { hmget: async () => [] } as never,
    names: { factory: (name: string) => name } as never,
    fleet: { beat: async () => void done.push('beat') } as never,
    breakers: { refresh: read } as never,
    queuePause: { refresh: async () => {} } as never,
    admission: { review: note('review') } as never,
    factories: [{ name: 'primary', breaker: { introduceSettings: note('introduce') } }] as never,
    events: { lastFulfilledSeen: note('seen') },
  });
  return { done, run: () => task.run(new AbortController().signal) };
}

test('settings are introduced once, when the breakers have been read: before that a refusal of others is not known', async () => {
  let isAway = true;
  const { done, run } = aHeartbeat(async () => {
    if (isAway) throw new Error('Redis is away');
  });
  await expect(run()).rejects.toThrow('Redis is away');
  expect(done).toEqual(['beat']);
  isAway = false;
  await run();
  await run();
  expect(done.slice(1)).toEqual(['beat', 'introduce', 'review', 'seen', 'beat', 'review', 'seen']);
});
