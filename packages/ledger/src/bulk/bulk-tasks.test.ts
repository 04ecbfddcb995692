import type { BulkIn, BulkTask } from '@proofbox/contract/admin';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuditLog } from '../audit-log/audit-log.ts';
import { createOrderSearch } from '../search/order-search.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';
import { Conflict } from '../errors.ts';
import { createBulkTasks, type BulkTasks } from './bulk-tasks.ts';
import { createBulkLeases, type BulkLease, type BulkLeases } from './bulk-leases.ts';

let box: TestLedger;
let tasks: BulkTasks;
let leases: BulkLeases;
beforeEach(() => {
  box = openTestLedger();
  const now = (): number => box.clock.now;
  const search = createOrderSearch(box);
  tasks = createBulkTasks({ ...box, search, now });
  leases = createBulkLeases({ ...box, search, leaseMs: 60_000, now });
});
afterEach(() => box[Symbol.asyncDispose]());

const deadlineMs = 60_000;

async function dead(reason: 'rejected' | 'expired' = 'rejected'): Promise<string> {
  const id = await box.accepted();
  box.clock.now += 1;
  await box.ledger.deadLetter({ id, state: 'dead', reason });
  return id;
}

async function several(count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(await dead());
  box.clock.now += 1;
  return ids;
}

function create(changes: Partial<BulkIn> = {}): Promise<BulkTask> {
  const target = { filter: {} };
  return tasks.create({ action: 'replay', target, rate: 100, why: 'mended', by: 'ann', ...changes });
}

async function take({ id }: BulkTask): Promise<BulkLease & { leftovers: string[] }> {
  const lease = await leases.take(id);
  if (lease === undefined) throw new Error('nothing to take');
  return lease;
}

async function counts({ id }: BulkTask) {
  const { moved, unchanged, missing } = (await tasks.get(id))!;
  return { moved, unchanged, missing };
}

const statuses = (moves: { status: string }[]): string[] => moves.map(({ status }) => status);

test('a preview counts what a task would work on, and changes nothing', async () => {
  const ids = await several(6);
  await dead('expired');
  box.clock.now += 1;
  await box.accepted();
  const preview = await tasks.preview({ filter: {} });
  expect(preview).toMatchObject({ count: 7, isExact: true, byReason: { rejected: 6, expired: 1 } });
  expect(preview.sample.map(({ id }) => id)).toEqual(ids.slice(0, 5));
  const named = await tasks.preview({ ids: [ids[3]!, ids[3]!, 'pb-nobody', await box.accepted()] });
  expect(named).toMatchObject({ count: 1, byReason: { rejected: 1 }, sample: [{ id: ids[3] }] });
  const newestFirst = await tasks.preview({ ids: ids.toReversed() });
  expect(newestFirst.sample.map(({ id }) => id)).toEqual(ids.slice(0, 5));
  expect((await box.ledger.stats()).counters).toMatchObject({ dead: 7 });
});

test('a discard of many leaves alone what was replayed meanwhile', async () => {
  const [first = '', second = ''] = await several(2);
  const lease = await take(await create({ action: 'discard', target: { ids: [first, second] } }));
  await box.ledger.replay({ id: first, deadlineMs, by: 'bob', why: 'mended' });
  expect(statuses(await leases.move(lease, [first, second], deadlineMs))).toEqual(['unchanged', 'discarded']);
  expect(await box.ledger.find(first)).toMatchObject({ state: 'queued' });
});

describe('a batch', () => {
  test('that is gone through again after a crash counts each order once', async () => {
    const [first = '', second = '', third = ''] = await several(3);
    const task = await create({ target: { ids: [first, second, 'pb-nobody', third, third] } });
    const lease = await take(task);
    await box.ledger.replay({ id: second, deadlineMs, by: 'bob', why: '' });
    const { ids } = await leases.next(lease, 10);
    expect(ids).toEqual([first, second, 'pb-nobody', third]);
    expect(statuses(await leases.move(lease, ids, deadlineMs))).toEqual([
      'replayed',
      'unchanged',
      'missing',
      'replayed',
    ]);
    await box.redis.del(box.names.bulkLease(task.id));

    const again = await take(task);
    expect(again.leftovers.toSorted()).toEqual(ids.toSorted());
    // Somebody else is at one of them meanwhile: it still was this task that moved it.
    await box.ledger.deadLetter({ id: first, state: 'dead', reason: 'rejected' });
    await box.ledger.discard({ id: first, by: 'bob', why: '' });
    expect(statuses(await leases.move(again, ids, deadlineMs))).toEqual(['seen', 'seen', 'seen', 'seen']);
    expect(await counts(task)).toEqual({ moved: 2, unchanged: 1, missing: 1 });
  });

  test('goes on where the one before ended, also when its orders have left meanwhile', async () => {
    const ids = await several(5);
    const task = await create();
    let lease: BulkLease = await take(task);
    const found: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const batch = await leases.next(lease, 2);
      found.push(...batch.ids);
      await leases.move(lease, batch.ids, deadlineMs);
      if (batch.nextCursor === undefined) break;
      lease = (await leases.advance(lease, batch.nextCursor))!;
      expect(await box.redis.exists(box.names.bulkSeen(task.id))).toBe(0);
    }
    expect(found).toEqual(ids);
    expect(await counts(task)).toEqual({ moved: 5, unchanged: 0, missing: 0 });
  });

  test('has no order that was settled after the task was created', async () => {
    const [old] = await several(1);
    const task = await create();
    await dead();
    expect((await leases.next(await take(task), 10)).ids).toEqual([old]);
  });
});

describe('nothing is moved', () => {
  test.each(['pause', 'abort'] as const)(
    'after a %s, by whoever is in the middle of a batch',
    async (change) => {
      const [first = '', second = ''] = await several(2);
      const task = await create();
      const lease = await take(task);
      await leases.move(lease, [first], deadlineMs);
      await tasks[change]({ id: task.id, by: 'bob' });
      expect(statuses(await leases.move(lease, [second], deadlineMs))).toEqual(['stopped']);
      expect(await box.ledger.find(second)).toMatchObject({ state: 'dead' });
      expect(await counts(task)).toMatchObject({ moved: 1 });
    },
  );

  test('by a process whose turn is over, or that is late with a batch', async () => {
    const [first = ''] = await several(1);
    const task = await create();
    const old = await take(task);
    expect(await leases.take(task.id)).toBeUndefined();
    await box.redis.del(box.names.bulkLease(task.id));
    const lease = await take(task);
    expect(statuses(await leases.move(old, [first], deadlineMs))).toEqual(['stopped']);
    expect(await leases.advance(old, 'x')).toBeUndefined();
    expect(await leases.keep(old, { ratePerSecond: 1 })).toBeUndefined();
    await leases.advance(lease, 'x');
    expect(statuses(await leases.move(lease, [first], deadlineMs))).toEqual(['stopped']);
    expect(await box.ledger.find(first)).toMatchObject({ state: 'dead' });
  });

  test('twice by one task, though the order dies again, and a clock that is behind puts it before the task', async () => {
    const [id = ''] = await several(1);
    const task = await create();
    let lease: BulkLease = await take(task);
    await leases.move(lease, [id], deadlineMs);
    lease = (await leases.advance(lease, 'x'))!;
    box.clock.now -= 1_000;
    await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
    expect((await leases.next({ ...lease, cursor: undefined }, 10)).ids).toEqual([id]);
    expect(statuses(await leases.move(lease, [id], deadlineMs))).toEqual(['seen']);
    expect(await counts(task)).toEqual({ moved: 1, unchanged: 0, missing: 0 });
    const other = await create({ target: { ids: [id] } });
    expect(statuses(await leases.move(await take(other), [id], deadlineMs))).toEqual(['replayed']);
  });
});

test('two tasks at the same orders share them: each order is moved once, and counted by the one that moved it', async () => {
  const ids = await several(300);
  const [one, two] = [await create({ target: { ids } }), await create({ target: { ids } })];
  const [left, right] = [await take(one), await take(two)];
  await Promise.all([
    leases.move(left, ids, deadlineMs),
    leases.move(right, ids.toReversed(), deadlineMs),
    leases.move(left, ids, deadlineMs),
  ]);
  const [first, second] = [await counts(one), await counts(two)];
  expect(first.moved + second.moved).toBe(300);
  expect([first.moved + first.unchanged, second.moved + second.unchanged]).toEqual([300, 300]);
  for (const order of await Promise.all(ids.map((id) => box.ledger.find(id)))) expect(order?.replays).toBe(1);
});

test('orders are discarded by the same rules', async () => {
  const ids = await several(2);
  const task = await create({ action: 'discard' });
  expect(statuses(await leases.move(await take(task), ids, deadlineMs))).toEqual(['discarded', 'discarded']);
  expect(await box.ledger.find(ids[0]!)).toMatchObject({ state: 'discarded', discardReason: 'mended' });
});

test('the audit log has the task, who changed it, what came of it, and each order with its task', async () => {
  const ids = await several(3);
  const task = await create({ target: { ids: [...ids, 'pb-nobody'] } });
  await tasks.pause({ id: task.id, by: 'bob', why: 'lunch' });
  await tasks.resume({ id: task.id, by: 'bob' });
  const lease = await take(task);
  await box.ledger.replay({ id: ids[0]!, deadlineMs, by: 'eve', why: 'w' });
  await leases.move(lease, [...ids, 'pb-nobody'], deadlineMs);
  await tasks.end({ id: task.id, by: task.by, why: task.why, holder: lease.holder });
  const audit = createAuditLog(box);
  expect(await audit.of(`bulk:${task.id}`)).toMatchObject([
    { action: 'bulk_start', by: 'ann', why: 'mended', result: 'replay of 4 orders, 100 a second' },
    { action: 'bulk_pause', by: 'bob', why: 'lunch', result: 'replayed 0 of 4' },
    { action: 'bulk_resume', by: 'bob' },
    {
      action: 'bulk_end',
      by: 'ann',
      result: 'replayed 2 of 4; 1 had already been changed by others; there is no order for 1',
    },
  ]);
  expect(await audit.of(ids[1]!)).toMatchObject([
    { action: 'replay', by: 'ann', why: 'mended', task: task.id },
  ]);
});

test('a task changes as its state allows, and says no otherwise', async () => {
  await several(1);
  const task = await create();
  const change = { id: task.id, by: 'bob' };
  expect(await tasks.pause(change)).toMatchObject({ state: 'paused' });
  expect(await tasks.pause(change)).toMatchObject({ state: 'paused' });
  expect(await leases.take(task.id)).toBeUndefined();
  expect(await tasks.resume(change)).toMatchObject({ state: 'running' });
  expect(await tasks.abort(change)).toMatchObject({ state: 'aborted', endedAt: expect.any(String) });
  expect(await tasks.abort(change)).toMatchObject({ state: 'aborted' });
  await expect(tasks.resume(change)).rejects.toThrow(Conflict);
  await expect(tasks.pause(change)).rejects.toThrow(Conflict);
  expect(await tasks.pause({ ...change, id: 'nobody' })).toBeUndefined();
  const abouts = (await createAuditLog(box).of(`bulk:${task.id}`)).map(({ action }) => action);
  expect(abouts).toEqual(['bulk_start', 'bulk_pause', 'bulk_resume', 'bulk_abort']);
});

test('a task that somebody else has taken over is not ended by the one before', async () => {
  const task = await create();
  const old = await take(task);
  await box.redis.del(box.names.bulkLease(task.id));
  await take(task);
  const { id, by, why } = task;
  expect(await tasks.end({ id, by, why, holder: old.holder })).toMatchObject({ state: 'running' });
});

test('a list of tasks has the first of their ids only: those who look at it get it twice a second', async () => {
  const ids = Array.from({ length: 1_000 }, (_each, i) => `${i}`.padStart(200, '0'));
  const { id } = await create({ target: { ids } });
  const [listed] = await tasks.list();
  expect(listed).toMatchObject({ id, expected: 1_000, target: { ids: ids.slice(0, 5) } });
  expect({ ...(await tasks.get(id)), target: undefined }).toEqual({ ...listed, target: undefined });
  expect((await tasks.get(id))!.target).toEqual({ ids });
  expect((await take({ id } as BulkTask)).task.target).toEqual({ ids });
});

test('the last hundred tasks that ended are kept, and no more than 20 are open', async () => {
  const created: BulkTask[] = [];
  for (let n = 0; n < 103; n += 1) {
    box.clock.now += 1;
    const task = await create({ target: { ids: ['pb-nobody'] } });
    await tasks.abort({ id: task.id, by: 'ann' });
    created.push(task);
  }
  const open = await Promise.all(
    Array.from({ length: 20 }, () => create({ target: { ids: ['pb-nobody'] } })),
  );
  await expect(create()).rejects.toThrow(Conflict);
  const listed = await tasks.list();
  expect(listed).toHaveLength(120);
  expect(await tasks.get(created[2]!.id)).toBeUndefined();
  expect(listed.slice(20).map(({ id }) => id)).toEqual(
    created
      .slice(3)
      .map(({ id }) => id)
      .toReversed(),
  );
  expect(new Set(listed.slice(0, 20).map(({ id }) => id))).toEqual(new Set(open.map(({ id }) => id)));
});
