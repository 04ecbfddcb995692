import { once } from 'node:events';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { createAuditLog } from '../audit-log/audit-log.ts';
import { connectPatiently } from '../redis/connections.ts';
import { createDrainSwitch, type DrainSwitch } from './drain-switch.ts';
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
function aSwitch(): DrainSwitch {
  return createDrainSwitch({ redis: connect(), names: box.names, onError, now: () => box.clock.now });
}

async function aListeningSwitch(): Promise<DrainSwitch> {
  const subscriber = connect();
  const drain = createDrainSwitch({ redis: connect(), subscriber, names: box.names, onError });
  await once(subscriber, 'ready');
  // Answered after the subscription, on the same connection.
  await subscriber.ping();
  return drain;
}

const paused = { isPaused: true, by: 'ann', at: '1970-01-01T00:16:40.000Z', why: 'a new oven' };

test('until somebody says so, the drain is not paused', async () => {
  expect(await aSwitch().refresh()).toEqual({ isPaused: false });
});

test('who pauses it is heard at once by whoever listens, and by the others when they ask again', async () => {
  const [operator, listening, asking] = [aSwitch(), await aListeningSwitch(), aSwitch()];
  const heard: unknown[] = [];
  listening.watch((drain) => heard.push(drain));
  expect(await operator.set({ isPaused: true, by: 'ann', why: 'a new oven' })).toEqual({
    changed: true,
    drain: paused,
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
  const drain = aSwitch();
  expect(await drain.set({ isPaused: false, by: 'bob', why: 'a try' })).toEqual({
    changed: false,
    drain: { isPaused: false },
  });
  await drain.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  expect(await drain.set({ isPaused: true, by: 'bob', why: 'me too' })).toEqual({
    changed: false,
    drain: paused,
  });
});

test('a change and its audit entry are one: both, or nothing', async () => {
  const drain = aSwitch();
  await box.redis.set(box.names.audit, 'no log');
  await expect(drain.set({ isPaused: true, by: 'ann', why: 'a new oven' })).rejects.toThrow('WRONGTYPE');
  expect(await drain.refresh()).toEqual({ isPaused: false });

  await box.redis.del(box.names.audit);
  await drain.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  await drain.set({ isPaused: true, by: 'bob', why: 'me too' });
  await drain.set({ isPaused: false, by: 'bob', why: 'it bakes' });
  const entries = await createAuditLog(box).of('drain');
  expect(entries.map(({ by, action, why }) => [by, action, why])).toEqual([
    ['ann', 'pause_drain', 'a new oven'],
    ['bob', 'resume_drain', 'it bakes'],
  ]);
});

test('a Redis that lost its data pauses nobody', async () => {
  const drain = aSwitch();
  await drain.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  await box.redis.del(box.names.drain);
  expect(await drain.refresh()).toEqual({ isPaused: false });
});

test.for<[string, (box: TestLedger) => Promise<unknown>]>([
  ['another release has written in other words', ({ redis, names }) => redis.hset(names.drain, 'speed', '0')],
  ['is garbled', ({ redis, names }) => redis.hset(names.drain, { isPaused: 'yes', by: 'ann' })],
  ['is no hash', ({ redis, names }) => redis.set(names.drain, '1')],
])('what %s pauses nobody, is told once, and can be overwritten', async ([, write]) => {
  const drain = aSwitch();
  await write(box);
  await drain.refresh();
  expect(await drain.refresh()).toEqual({ isPaused: false });
  expect(errors).toEqual([expect.stringContaining('cannot be read')]);
  expect(await drain.set({ isPaused: true, by: 'ann', why: 'a new oven' })).toEqual({
    changed: true,
    drain: paused,
  });
});

test('while Redis cannot be asked, what was heard last holds', async () => {
  const redis = connect();
  const drain = createDrainSwitch({ redis, names: box.names, onError });
  await drain.set({ isPaused: true, by: 'ann', why: 'a new oven' });
  redis.disconnect();
  await expect(drain.refresh()).rejects.toThrow('Connection is closed');
  expect(drain.get()).toMatchObject({ isPaused: true, by: 'ann' });
});
