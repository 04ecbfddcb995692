import { once } from 'node:events';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { createAuditLog } from '../audit-log/audit-log.ts';
import { connectPatiently } from '../redis/connections.ts';
import { createQueuePause, type QueuePause } from './queue-pause.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
let opened: AsyncDisposableStack;
let errors: string[];
beforeEach(() => {
  opened = new AsyncDisposableStack();
  box = opened.use(openTestLedger());
  errors = [];
});
afterEach(() => opened.disposeAsync());

const onError = (error: Error): void => void errors.push(error.message);

function connect(): TestLedger['redis'] {
  return opened.adopt(connectPatiently({ url: inject('redisUrl'), onError }), (redis) => redis.disconnect());
}

/** A switch as another process has it. */
function aSwitch(): QueuePause {
  return createQueuePause({ redis: connect(), names: box.names, onError, now: () => box.clock.now });
}

async function aListeningSwitch(): Promise<QueuePause> {
  const subscriber = connect();
  const queuePause = createQueuePause({ redis: connect(), subscriber, names: box.names, onError });
  await once(subscriber, 'ready');
  // Answered after the subscription, on the same connection.
  await subscriber.ping();
  return queuePause;
}

const paused = { isPaused: true, by: 'ann', at: '1970-01-01T00:16:40.000Z', why: 'a new oven' };

test('until somebody says so, the queue is not paused', async () => {
  expect(await aSwitch().refresh()).toEqual({ isPaused: false });
});

test('who pauses it is heard at once by whoever listens, and by the others when they ask again', async () => {
  const [operator, listening, asking] = [aSwitch(), await aListeningSwitch(), aSwitch()];
  const heard: unknown[] = [];
  listening.watch((queuePause) => heard.push(queuePause));
  expect(await operator.set({ isPaused: true, by: 'ann', why: 'a new oven' })).toEqual({
    changed: true,
    queuePause: paused,
  });
  await expect.poll(() => listening.get(), { interval: 5, timeout: 1_000 }).toEqual(paused);
  expect(heard).toEqual([paused]);
  await listening.refresh();
  expect(heard).toHaveLength(1);
  expect(asking.get()).toEqual({ isPaused: false });
  expect(await asking.refresh()).toEqual(paused);

  box.clock.now += 60_000;
  const resumed = { isPaused: false, by: 'bob', at: '1970-01-01T00:17:40.000Z', why: 'it bakes' };
  await operator.set({ isPaused: false, by: 'bob', why: 'it bakes' });
  await expect.poll(() => listening.get(), { interval: 5, timeout: 1_000 }).toEqual(resumed);
  expect(errors).toEqual([]);
});

test('pausing twice changes nothing: who did it first stays', async () => {
  const queuePause = aSwitch();
  expect(await queuePause.set({ isPaused: false, by: 'bob', why: 'a try' })).toEqual({
    changed: false,
    queuePause: { isPaused: false },
  });
  await queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  expect(await queuePause.set({ isPaused: true, by: 'bob', why: 'me too' })).toEqual({
    changed: false,
    queuePause: paused,
  });
});

test('a change and its audit entry are one: both, or nothing', async () => {
  const queuePause = aSwitch();
  await box.redis.set(box.names.audit, 'no log');
  await expect(queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' })).rejects.toThrow('WRONGTYPE');
  expect(await queuePause.refresh()).toEqual({ isPaused: false });

  await box.redis.del(box.names.audit);
  await queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  await queuePause.set({ isPaused: true, by: 'bob', why: 'me too' });
  await queuePause.set({ isPaused: false, by: 'bob', why: 'it bakes' });
  const entries = await createAuditLog(box).of('queue');
  expect(entries.map(({ by, action, why }) => [by, action, why])).toEqual([
    ['ann', 'pause_queue', 'a new oven'],
    ['bob', 'resume_queue', 'it bakes'],
  ]);
});

test('a Redis that lost its data pauses nobody', async () => {
  const queuePause = aSwitch();
  await queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  await box.redis.del(box.names.queuePause);
  expect(await queuePause.refresh()).toEqual({ isPaused: false });
});

test.for<[string, (box: TestLedger) => Promise<unknown>]>([
  [
    'another release has written in other words',
    ({ redis, names }) => redis.hset(names.queuePause, 'speed', '0'),
  ],
  ['is garbled', ({ redis, names }) => redis.hset(names.queuePause, { isPaused: 'yes', by: 'ann' })],
  ['is no hash', ({ redis, names }) => redis.set(names.queuePause, '1')],
])('what %s pauses nobody, is told once, and can be overwritten', async ([, write]) => {
  const queuePause = aSwitch();
  await write(box);
  await queuePause.refresh();
  expect(await queuePause.refresh()).toEqual({ isPaused: false });
  expect(errors).toEqual([expect.stringContaining('cannot be read')]);
  expect(await queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' })).toEqual({
    changed: true,
    queuePause: paused,
  });
});

test('while Redis cannot be asked, what was heard last holds', async () => {
  const redis = connect();
  const queuePause = createQueuePause({ redis, names: box.names, onError });
  await queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  redis.disconnect();
  await expect(queuePause.refresh()).rejects.toThrow('Connection is closed');
  expect(queuePause.get()).toMatchObject({ isPaused: true, by: 'ann' });
});
