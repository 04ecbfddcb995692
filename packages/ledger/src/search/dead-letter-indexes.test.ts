import type { Outcome } from '@proofbox/contract';
import type { OrderFilter } from '@proofbox/contract/admin';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReconciler } from '../reconcile/reconciler.ts';
import { createOrderSearch } from './order-search.ts';
import { openTestLedger, someOrder, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

function failed(detail: string): Outcome {
  return { kind: 'failed', status: 500, detail };
}

async function dead(
  detail: string,
  changes: { storeId?: string | number; dinerId?: string } = {},
): Promise<string> {
  const { storeId = '5', dinerId = '2' } = changes;
  const order = someOrder({ dinerId });
  const request = { ...order.request, order: { ...order.request.order, storeId } };
  const id = await box.accepted({ ...order, request });
  await box.ledger.settle({ ...(await box.begin(id, { token: id })), outcome: failed(detail) });
  await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
  return id;
}

/** What is kept for the search, without the tag of this ledger. */
async function searchKeys(): Promise<string[]> {
  const keys = [
    ...(await box.redis.keys(`${box.names.root}:dead-by-*`)),
    ...(await box.redis.keys(box.names.errorGroups)),
  ];
  return keys.map((key) => key.slice(box.names.root.length + 1)).toSorted();
}

async function misplaced(mend = false) {
  const { redis, names, queue, clock } = box;
  const reconciler = createReconciler({
    redis,
    names,
    queue,
    graceMs: 0,
    repeatable: [],
    now: () => clock.now,
  });
  return (await reconciler.reconcileAll({ mend })).indexes.misplaced;
}

async function found(filter: OrderFilter): Promise<string[]> {
  const { orders } = await createOrderSearch(box).page({
    filter: { state: ['dead', 'held'], ...filter },
    limit: 100,
    oldestFirst: true,
  });
  return orders.map(({ id }) => id);
}

/** @guarantee G6 */
test('a dead letter stands by factory, store, diner and error, and leaves nothing behind when it goes', async () => {
  const ways: ((id: string) => Promise<unknown>)[] = [
    (id) => box.ledger.replay({ id, deadlineMs: 1, by: 'ann', why: 'a test' }),
    (id) => box.ledger.discard({ id, by: 'ann', why: 'a test' }),
    (id) =>
      box.ledger.settle({
        id,
        n: 1,
        token: id,
        factory: 'primary',
        outcome: { kind: 'fulfilled', status: 200, receipt: 'late' },
      }),
  ];
  for (const leave of ways) {
    const id = await dead('kitchen 5 is closed', { storeId: 9_007_199_254_740_991 });
    expect(await searchKeys()).toEqual([
      'dead-by-diner:2',
      expect.stringMatching(/^dead-by-error:[0-9a-f]{16}$/),
      'dead-by-factory:primary',
      'dead-by-store:9007199254740991',
      'error-groups',
    ]);
    expect(Object.values(await box.redis.hgetall(box.names.errorGroups))).toEqual(['kitchen # is closed']);
    expect(
      await found({ store: '9007199254740991', factory: 'primary', diner: '2', text: 'kitchen 5' }),
    ).toEqual([id]);
    await leave(id);
    expect(await searchKeys()).toEqual([]);
    expect(
      Object.keys(await box.redis.hgetall(box.names.order(id))).filter((name) => name.startsWith('indexed')),
    ).toEqual([]);
    expect(await misplaced()).toEqual([]);
  }
});

test('errors that differ in numbers and ids are one group, which goes with its last dead letter', async () => {
  const ids = [];
  for (const n of [1, 22, 333])
    ids.push(await dead(`order pb-s2f0xpgzbxngmg2w6ywm5${n}xx: item ${n} (0xAf${n}) is unknown`));
  const groups = Object.values(await box.redis.hgetall(box.names.errorGroups));
  expect(groups).toEqual(['order pb-\u0001: item # (#x#) is unknown']);
  for (const id of ids) {
    expect(await box.redis.exists(box.names.errorGroups)).toBe(1);
    await box.ledger.discard({ id, by: 'ann', why: 'a test' });
  }
  expect(await searchKeys()).toEqual([]);
});

test('beyond 250 groups errors are kept together, and are found all the same', async () => {
  const letters = 'ghijklmnop';
  const word = (n: number): string => [...`${n}`].map((digit) => letters[Number(digit)]).join('');
  const ids: string[] = [];
  for (let n = 0; n < 255; n += 1) ids.push(await dead(`bad ${word(1_000 + n)}`));
  expect(await box.redis.hlen(box.names.errorGroups)).toBe(250);
  expect(await box.redis.zcard(box.names.deadByError('other'))).toBe(5);
  for (const n of [0, 249, 250, 254]) expect(await found({ text: `d ${word(1_000 + n)}` })).toEqual([ids[n]]);
  expect(await misplaced()).toEqual([]);
});

test('an answer that comes after its order was settled leaves the order where it can be found', async () => {
  const id = await box.accepted();
  const begun = await box.begin(id);
  await box.ledger.reclaim({ ...begun, worker: 'w' });
  await box.ledger.deadLetter({ id, state: 'held', reason: 'unknown_outcome' });
  await box.ledger.settle({ ...begun, outcome: failed('the oven exploded') });
  const { attempts } = (await box.ledger.find(id))!;
  expect(await found({ text: attempts[0]!.detail! })).toEqual([id]);
  expect(await misplaced()).toEqual([]);
});

test('an attempt that is given up when its order is settled already leaves the order where it can be found', async () => {
  const order = { ...someOrder(), acceptedAt: box.clock.now };
  await box.ledger.accept(order);
  const begun = await box.begin(order.id);
  const settlement = { state: 'held', at: box.clock.now + 1, reason: 'unknown_outcome' } as const;
  box.clock.now += 2;
  expect(await box.ledger.restore({ order, settlement })).toBe('settled');
  await box.ledger.reclaim({ ...begun, worker: 'w' });
  expect(await found({ text: 'the worker stopped' })).toEqual([order.id]);
  expect(await misplaced()).toEqual([]);
});

test('an order that was never tried is found by store and diner', async () => {
  const id = await box.accepted();
  await box.ledger.deadLetter({ id, state: 'dead', reason: 'expired' });
  expect(await found({ store: '1', diner: '2' })).toEqual([id]);
  expect(await found({ factory: 'primary' })).toEqual([]);
});

test('an order that stands where it does not belong is not found there', async () => {
  const id = await dead('chaos');
  await box.redis.zadd(box.names.deadByFactory('fallback'), box.clock.now, id);
  await box.redis.zadd(box.names.byState('held'), box.clock.now, id);
  for (const filter of [{ factory: 'fallback' }, { state: ['held'] }] as OrderFilter[]) {
    expect(await found(filter)).toEqual([]);
    expect(await createOrderSearch(box).ids({ filter, limit: 9 })).toEqual({ ids: [] });
  }
});

test('a record that cannot be read does not keep its order from being settled', async () => {
  const id = await box.accepted();
  await box.redis.hset(box.names.order(id), 'request', '{');
  expect(await box.ledger.deadLetter({ id, state: 'dead', reason: 'expired' })).toMatchObject({
    status: 'dead_lettered',
  });
});

describe('the reconciler', () => {
  const error = async () =>
    box.names.deadByError(Object.keys(await box.redis.hgetall(box.names.errorGroups))[0]!);
  const wrongs: [string, string[], (id: string) => Promise<unknown>][] = [
    ['gone from its factory', ['factory'], (id) => box.redis.zrem(box.names.deadByFactory('primary'), id)],
    ['gone from its store', ['store'], (id) => box.redis.zrem(box.names.deadByStore('5'), id)],
    ['gone from its diner', ['diner'], (id) => box.redis.zrem(box.names.deadByDiner('2'), id)],
    ['gone from its error', ['error'], async (id) => box.redis.zrem(await error(), id)],
    ['in a group that has lost its pattern', ['error'], () => box.redis.del(box.names.errorGroups)],
    [
      'in a place of which its record knows nothing',
      ['store'],
      (id) => box.redis.hdel(box.names.order(id), 'indexedStore'),
    ],
    [
      'from an earlier release',
      ['factory', 'store', 'diner', 'error'],
      async (id) => {
        await box.redis.hdel(box.names.order(id), 'indexedStore', 'indexedFactory', 'indexedError');
        await box.redis.del((await searchKeys()).map((key) => `${box.names.root}:${key}`));
      },
    ],
    [
      'still there after it was replayed',
      ['dead_letter'],
      async (id) => {
        const places = ['indexedStore', 'indexedFactory', 'indexedError'];
        const before = await box.redis.hmget(box.names.order(id), ...places);
        await box.ledger.replay({ id, deadlineMs: 60_000, by: 'ann', why: 'a test' });
        await box.redis.hset(
          box.names.order(id),
          Object.fromEntries(places.map((name, i) => [name, before[i]!])),
        );
      },
    ],
  ];
  test.each(wrongs)(
    'a dead letter %s is found, and stands right afterwards',
    async (_name, kinds, corrupt) => {
      const id = await dead('chaos');
      await corrupt(id);
      expect((await misplaced()).map((each) => each.id)).toEqual([id]);
      expect(await misplaced(true)).toEqual([{ id, kinds }]);
      expect(await misplaced()).toEqual([]);
      const isDead = (await box.ledger.find(id))!.state === 'dead';
      for (const filter of [
        { factory: 'primary' },
        { store: '5' },
        { diner: '2' },
        { text: 'chaos' },
      ] as const) {
        expect(await found(filter)).toEqual(isDead ? [id] : []);
      }
    },
  );
});
