import type { BulkTask } from '@proofbox/contract/admin';
import { createBulkLeases } from '@proofbox/ledger/operations';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchBulkTasks } from './bulk-updates.ts';
import { openTestBulk, type TestBulk } from './test-bulk.ts';

let box: TestBulk;
beforeEach(async () => {
  box = await openTestBulk();
});
afterEach(() => box[Symbol.asyncDispose]());

const within = { timeout: 30_000, interval: 20 };

async function ended({ id }: BulkTask): Promise<BulkTask> {
  return vi.waitFor(async () => {
    const task = await box.tasks.get(id);
    if (task?.state !== 'done') throw new Error(`is ${task?.state}, moved ${task?.moved}`);
    return task;
  }, within);
}

async function movedSome({ id }: BulkTask, atLeast = 1): Promise<void> {
  await vi.waitFor(async () => {
    if ((await box.tasks.get(id))!.moved < atLeast) throw new Error('nothing moved yet');
  }, within);
}

test('every dead letter that a task asks for is replayed, once, and has its job', async () => {
  const ids = await box.dead(700);
  const runner = await box.runner();
  const task = await ended(await box.create());
  expect(task).toMatchObject({ expected: 700, moved: 700, unchanged: 0, missing: 0, ratePerSecond: 0 });
  expect(await box.queue.missing(ids)).toEqual([]);
  expect((await box.ledger.stats()).counters).toMatchObject({ queued: 700, dead: 0 });
  const text = await runner.metrics.metrics();
  expect(text).toContain('proofbox_bulk_orders_total{action="replay",result="moved"} 700');
  expect(text).toContain('proofbox_bulk_tasks{state="done"} 1');
});

test('two admins who replay the same thousand orders at the same time: each is moved once, and both counts are true', async () => {
  const ids = await box.dead(1_000);
  await box.runner();
  await box.runner();
  const target = { ids };
  const tasks = await Promise.all(['ann', 'bob'].map((why) => box.create({ target, why, rate: 2_000 })));
  const [ann, bob] = await Promise.all(tasks.map(ended));
  expect(ann!.moved + bob!.moved).toBe(1_000);
  expect([ann!.moved + ann!.unchanged, bob!.moved + bob!.unchanged]).toEqual([1_000, 1_000]);
  for (const id of ids.slice(0, 50)) expect((await box.ledger.find(id))?.replays).toBe(1);
  expect((await box.ledger.stats()).counters).toMatchObject({ queued: 1_000, dead: 0 });
});

test('the same with a filter: what one has moved, the other need not find', async () => {
  await box.dead(1_000);
  await box.runner();
  await box.runner();
  const tasks = await Promise.all([1, 2].map(() => box.create({ rate: 2_000 })));
  const [one, two] = await Promise.all(tasks.map(ended));
  expect(one!.moved + two!.moved).toBe(1_000);
});

test('the rate is held', async () => {
  await box.dead(600);
  await box.runner();
  const task = await ended(await box.create({ rate: 200 }));
  const tookMs = Date.parse(task.endedAt!) - Date.parse(task.createdAt);
  // Never faster; and slower by what a busy machine costs.
  expect(tookMs).toBeGreaterThan((600 / 200) * 1_000 * 0.95);
});

test('a pause takes effect within a second, and a resume goes on to the end with true counts', async () => {
  await box.dead(500);
  await box.runner();
  const task = await box.create({ rate: 200 });
  await movedSome(task);
  await box.tasks.pause({ id: task.id, by: 'bob' });
  const paused = (await box.ledger.stats()).counters;
  expect(paused.queued).toBeLessThan(500);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await box.ledger.stats()).counters).toEqual(paused);
  expect(await box.tasks.get(task.id)).toMatchObject({
    state: 'paused',
    moved: paused.queued,
    ratePerSecond: 0,
  });
  await box.tasks.resume({ id: task.id, by: 'bob' });
  expect(await ended(task)).toMatchObject({ moved: 500, unchanged: 0 });
});

test('an abort takes effect at once, and for good', async () => {
  await box.dead(500);
  await box.runner();
  const task = await box.create({ rate: 200 });
  await movedSome(task);
  await box.tasks.abort({ id: task.id, by: 'bob' });
  const { queued } = (await box.ledger.stats()).counters;
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect((await box.ledger.stats()).counters).toMatchObject({ queued, dead: 500 - queued });
  expect(await box.tasks.get(task.id)).toMatchObject({ state: 'aborted', moved: queued });
});

test('an admin that is stopped gives its task back, and another one ends it', async () => {
  await box.dead(600);
  const first = await box.runner();
  const task = await box.create({ rate: 300 });
  await movedSome(task, 50);
  await first[Symbol.asyncDispose]();
  expect(await box.redis.exists(box.names.bulkLease(task.id))).toBe(0);
  await box.runner();
  expect(await ended(task)).toMatchObject({ moved: 600, unchanged: 0, missing: 0 });
});

test('an admin keeps its task for as long as it works on it', async () => {
  await box.dead(100);
  await box.runner();
  const task = await box.create({ rate: 3 });
  await movedSome(task);
  const holder = await box.redis.get(box.names.bulkLease(task.id));
  // Longer than the lease lasts by itself.
  await movedSome(task, 14);
  expect(await box.redis.get(box.names.bulkLease(task.id))).toBe(holder);
});

test('orders that an admin moved and had not put into the queue when it died get their jobs from the next one', async () => {
  const ids = await box.dead(300);
  const task = await box.create();
  const leases = createBulkLeases({ ...box, leaseMs: 60_000 });
  const lease = (await leases.take(task.id))!;
  await leases.move(lease, ids.slice(0, 200), 60_000);
  await box.redis.del(box.names.bulkLease(task.id));
  expect(await box.queue.missing(ids)).toHaveLength(300);
  await box.runner();
  expect(await ended(task)).toMatchObject({ moved: 300, unchanged: 0 });
  expect(await box.queue.missing(ids)).toEqual([]);
});

test('an order that dies again is not replayed again by the same task', async () => {
  const [id = ''] = await box.dead(1);
  await box.dead(30);
  await box.runner();
  const task = await box.create({ rate: 10 });
  await movedSome(task);
  await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
  expect(await ended(task)).toMatchObject({ moved: 31 });
  expect(await box.ledger.find(id)).toMatchObject({ state: 'dead', replays: 1 });
});

test('whoever watches hears of a task, of each change, and of its end', async () => {
  await box.dead(100);
  await box.runner();
  await using update = watchBulkTasks({ tasks: box.tasks, intervalMs: 50, onError: () => {} });
  const received: BulkTask[] = [];
  update.watch((changed) => received.push(...changed));
  await ended(await box.create({ rate: 100 }));
  await vi.waitFor(() => expect(received.at(-1)).toMatchObject({ state: 'done', moved: 100 }), within);
  expect(received.length).toBeGreaterThan(2);
  expect(update.all()).toMatchObject([{ state: 'done' }]);
});

test('while Redis is away the tasks that ran are told with their trouble', async () => {
  await box.create();
  let isAway = false;
  const list = () => (isAway ? Promise.reject(new Error('Command timed out')) : box.tasks.list());
  await using update = watchBulkTasks({ tasks: { list }, intervalMs: 20, onError: () => {} });
  await vi.waitFor(() => expect(update.all()).toMatchObject([{ state: 'running' }]), within);
  isAway = true;
  await vi.waitFor(() => expect(update.all()[0]?.trouble).toMatch(/Redis does not answer/), within);
  isAway = false;
  await vi.waitFor(() => expect(update.all()[0]?.trouble).toBeUndefined(), within);
});
