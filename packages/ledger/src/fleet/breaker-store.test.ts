import { once } from 'node:events';
import { force, trustedState, type BreakerChange } from '@proofbox/factory/breaker';
import { testBreaker } from '@proofbox/factory/testing';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { createBreakerStore, type LedgerBreakerStore } from './breaker-store.ts';
import { connectPatiently } from '../redis/connections.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
let opened: AsyncDisposableStack;
beforeEach(() => {
  opened = new AsyncDisposableStack();
  box = opened.use(openTestLedger());
});
afterEach(() => opened.disposeAsync());

function connect(): TestLedger['redis'] {
  return opened.adopt(connectPatiently({ url: inject('redisUrl'), onError: fail }), (redis) =>
    redis.disconnect(),
  );
}

function fail(error: Error): never {
  throw error;
}

/** A store as another process has one. */
function aStore(): LedgerBreakerStore {
  return createBreakerStore({ redis: connect(), names: box.names, onError: fail });
}

async function aListeningStore(): Promise<LedgerBreakerStore> {
  const subscriber = connect();
  const store = createBreakerStore({ redis: connect(), subscriber, names: box.names, onError: fail });
  await once(subscriber, 'ready');
  // Answered after the subscription, on the same connection.
  await subscriber.ping();
  return store;
}

/** A change that leaves no trace of its own: made twice, it counts twice. */
const countOne: BreakerChange = (state) => ({ ...state, permits: (state.permits ?? 0) + 1 });

function forceOpen(why = 'a test'): BreakerChange {
  return force({ to: 'open', by: 'ann', why, now: Date.now() });
}

test('what a person does to a factory and its audit entry are one: both, or nothing', async () => {
  const store = aStore();
  const entry = { at: 7, by: 'ann', action: 'force_open', why: 'maintenance' } as const;
  await box.redis.set(box.names.audit, 'no log');
  await expect(store.update('primary', forceOpen(), entry)).rejects.toThrow('WRONGTYPE');
  expect(await box.redis.exists(box.names.breakers)).toBe(0);

  await box.redis.del(box.names.audit);
  await store.update('primary', forceOpen(), entry);
  await store.update('primary', () => undefined, { ...entry, by: 'bob' });
  expect((await box.redis.xrange(box.names.audit, '-', '+')).map(([, fields]) => fields)).toEqual([
    ['at', '7', 'by', 'ann', 'action', 'force_open', 'subject', 'factory:primary', 'reason', 'maintenance'],
  ]);
});

test('of 100 changes at the same time from three stores none is lost, and none made twice', async () => {
  const stores = [aStore(), await aListeningStore(), await aListeningStore()];
  await Promise.all(Array.from({ length: 100 }, (_each, i) => stores[i % 3]!.update('primary', countOne)));
  await Promise.all(stores.map((store) => store.refresh()));
  expect(stores.map((store) => store.get('primary').permits)).toEqual([100, 100, 100]);
});

test('a change is seen by its own process at once, by the others within a second', async () => {
  const [mine, theirs] = [aStore(), await aListeningStore()];
  let heard = 0;
  theirs.watch(() => (heard += 1));
  const changing = mine.update('primary', forceOpen());
  expect(mine.get('primary').forced?.to).toBe('open');
  const changedAt = performance.now();
  await changing;
  await expect.poll(() => theirs.get('primary').forced?.to, { interval: 5, timeout: 1_000 }).toBe('open');
  expect(performance.now() - changedAt).toBeLessThan(1_000);
  expect(heard).toBe(1);
  expect(theirs.get('fallback')).toEqual(trustedState('fallback'));
});

test('a state that another release wrote in another shape stops nobody: it counts as none, and is overwritten', async () => {
  const store = await aListeningStore();
  const strange = JSON.stringify({ factory: 'primary', version: 7, mood: 'sour' });
  await box.redis.hset(box.names.breakers, { primary: strange, 'primary:version': 7 });
  await store.refresh();
  expect(store.get('primary')).toEqual({ ...trustedState('primary'), version: 7 });
  await box.redis.publish(box.names.breakersChanged, strange);
  await store.update('primary', forceOpen());
  const other = aStore();
  await other.refresh();
  expect(other.get('primary').forced?.to).toBe('open');
});

test.for([
  ['no JSON at all', 'sour'],
  ['nothing', ''],
  ['JSON of another thing', '[]'],
  ['the state of another factory', JSON.stringify({ ...trustedState('fallback'), permits: 9 })],
])('what stands there is %s: it counts as none, and can be changed', async ([, text]) => {
  const store = aStore();
  await box.redis.hset(box.names.breakers, { primary: text!, 'primary:version': 7 });
  await store.refresh();
  expect(store.get('primary')).toEqual({ ...trustedState('primary'), version: 7 });
  const listening = await aListeningStore();
  await box.redis.publish(box.names.breakersChanged, text!);
  await store.update('primary', forceOpen());
  await expect.poll(() => listening.get('primary').forced?.to).toBe('open');
});

const hostileTexts = [
  ['the first half of an emoji', 'no \ud83c'],
  ['the second half', 'z\udc00'],
  ['an emoji cut at its 300th character', `${'x'.repeat(299)}\ud83d`],
  ['what looks like a way out of a string', '"}\\u0000\\ud800\u0000\n'],
  ['a megabyte', 'x'.repeat(1_000_000)],
] as const;

describe.for(hostileTexts)('%s', ([, text]) => {
  test('in what a factory says wedges no breaker: it opens, is probed, and closes', async () => {
    const store = aStore();
    let now = Date.now();
    const breaker = testBreaker({ store, now: () => now, onError: fail });
    for (const id of ['a', 'b', 'c']) breaker.record({ id, failures: 0 }, 'failed', { cause: text });
    expect(breaker.condition).toBe('open');
    // As soon as these are in Redis.
    await store.update('primary', (state) => state);
    now += 400;
    expect(await breaker.admit({ id: 'd', failures: 0, hasAlternative: false })).toBe('probe');
    const another = aStore();
    await another.refresh();
    expect(another.get('primary')).toMatchObject({ state: 'open', probe: { orderId: 'd' } });
    breaker.record({ id: 'd', failures: 0 }, 'fulfilled');
    await store.update('primary', (state) => state);
    await another.refresh();
    expect(another.get('primary')).toMatchObject({ state: 'closed', permits: 1 });
  });

  test('in the reason of an operator is written down, and the switch can be used again', async () => {
    const store = aStore();
    const entry = { at: 7, by: 'ann', action: 'force_open', why: text } as const;
    await store.update('primary', forceOpen(text), entry);
    await store.update('primary', force({ to: 'auto', by: 'ann', why: 'done', now: 8 }), {
      ...entry,
      action: 'auto',
    });
    const another = aStore();
    await another.refresh();
    expect(another.get('primary')).toMatchObject({ state: 'closed' });
    expect(await box.redis.xlen(box.names.audit)).toBe(2);
  });
});

/** Redis carries out each change, and its reply is lost on the way: the client sends it again. */
function loseReplies(redis: TestLedger['redis']): void {
  const commands = redis as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const send = commands['proofbox:set-breaker']!.bind(redis);
  commands['proofbox:set-breaker'] = async (...args) => {
    await send(...args);
    return send(...args);
  };
}

test.for<[string, 'open' | 'closed' | 'auto']>([
  ['forced open', 'open'],
  ['forced closed', 'closed'],
  ['auto', 'auto'],
])(
  'a reply that is lost, and the change that is sent again: %s, once, with one audit entry',
  async ([, to]) => {
    const now = Date.now();
    const store = aStore();
    await store.update('primary', (state) => ({
      ...state,
      state: 'open',
      openUntil: now + 9_000,
      suspectsUntil: now + 9_000,
      sparedUntil: now + 9_000,
    }));
    const redis = connect();
    const unlucky = createBreakerStore({ redis, names: box.names, onError: fail });
    await unlucky.refresh();
    loseReplies(redis);
    const action = ({ open: 'force_open', closed: 'force_closed', auto: 'auto' } as const)[to];
    const word = { by: 'ann', why: 'a test' };
    const changed = await unlucky.update('primary', force({ to, now, ...word }), {
      at: now,
      action,
      ...word,
    });
    expect(await box.redis.xlen(box.names.audit)).toBe(1);
    await store.refresh();
    expect(store.get('primary')).toEqual(changed);
  },
);

test('a worker whose replies are lost opens a breaker by no fewer orders, and gets its probe', async () => {
  const redis = connect();
  const store = createBreakerStore({ redis, names: box.names, onError: fail });
  loseReplies(redis);
  let now = Date.now();
  const breaker = testBreaker({ store, now: () => now, onError: fail });
  for (const id of ['a', 'b']) breaker.record({ id, failures: 0 }, 'failed');
  await store.update('primary', () => undefined);
  expect(store.get('primary')).toMatchObject({ state: 'closed', row: { fresh: ['a', 'b'] } });
  breaker.record({ id: 'c', failures: 0 }, 'failed');
  now += 400;
  expect(await breaker.admit({ id: 'd', failures: 0, hasAlternative: false })).toBe('probe');
});

test('a change that meets a newer state is made to that one', async () => {
  const [mine, theirs] = [aStore(), aStore()];
  await theirs.update('primary', forceOpen('first'));
  const state = await mine.update('primary', countOne);
  expect(state).toMatchObject({ permits: 1, forced: { why: 'first' } });
  expect(mine.get('primary')).toEqual(state);
});

test('two changes of one process, of which the first meets a newer state, overwrite nothing', async () => {
  const [mine, theirs] = [aStore(), aStore()];
  await theirs.update('primary', forceOpen('first'));
  await Promise.all([mine.update('primary', countOne), mine.update('primary', countOne)]);
  await theirs.refresh();
  expect(theirs.get('primary')).toMatchObject({ permits: 2, forced: { why: 'first' } });
});

test("fifty changes of one process at once do not get in each other's way: each takes one round trip", async () => {
  const redis = connect();
  await once(redis, 'ready');
  const store = createBreakerStore({ redis, names: box.names, onError: fail });
  await store.update('primary', countOne);
  const sent = vi.spyOn(redis, 'sendCommand');
  await Promise.all(Array.from({ length: 50 }, () => store.update('primary', countOne)));
  expect(sent.mock.calls.length).toBe(50);
  expect(store.get('primary').permits).toBe(51);
});

test('a change that is not needed any more is not made', async () => {
  const [mine, theirs] = [aStore(), aStore()];
  const onlyOnce: BreakerChange = (state) => (state.permits === undefined ? countOne(state) : undefined);
  const first = await theirs.update('primary', onlyOnce);
  expect(await mine.update('primary', onlyOnce)).toEqual(first);
});

test('an operator is heard by a store that never listened, once it asks again', async () => {
  const [mine, theirs] = [aStore(), aStore()];
  await theirs.update('fallback', forceOpen());
  expect(mine.get('fallback').forced).toBeUndefined();
  await mine.refresh();
  expect(mine.get('fallback').forced?.by).toBe('ann');
});

test('after Redis has lost everything, factories are trusted again and new states are heard', async () => {
  const [mine, theirs] = [aStore(), await aListeningStore()];
  await mine.update('primary', forceOpen());
  await mine.update('primary', countOne);
  await expect.poll(() => theirs.get('primary').permits).toBe(1);
  await box.redis.del(box.names.breakers);

  // One that has not noticed yet hears of a state on the new Redis all the same.
  await mine.refresh();
  expect(mine.get('primary')).toEqual(trustedState('primary'));
  await mine.update('primary', (state) => ({ ...state, narrowedAt: 3 }));
  await expect.poll(() => theirs.get('primary'), { timeout: 1_000 }).toMatchObject({ narrowedAt: 3 });

  await box.redis.del(box.names.breakers);
  await theirs.refresh();
  expect(theirs.get('primary')).toEqual(trustedState('primary'));
});

test('a change that Redis refuses is not believed', async () => {
  const store = aStore();
  await box.redis.set(box.names.breakers, 'not a hash');
  const changing = store.update('primary', forceOpen());
  expect(store.get('primary').forced?.to).toBe('open');
  await expect(changing).rejects.toThrow('WRONGTYPE');
  expect(store.get('primary')).toEqual(trustedState('primary'));
  await box.redis.del(box.names.breakers);
  expect(await store.update('primary', countOne)).toMatchObject({ permits: 1 });
});
