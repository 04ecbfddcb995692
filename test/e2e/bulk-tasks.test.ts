import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BulkTarget } from '@proofbox/contract/admin';
import { connectPatiently, createLedger, createNames, createOrderQueue } from '@proofbox/ledger';
import { createAuditLog, createBulkTasks, createOrderSearch } from '@proofbox/ledger/operations';
import { ensureRedis, freePort, startProcess, type ManagedProcess } from '@proofbox/local';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { eventually } from '../support/eventually.ts';

let opened: AsyncDisposableStack;
beforeEach(() => {
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

/** A ledger, read and filled past any process, and admins that work on its bulk tasks. */
function openLedger(redisUrl = inject('redisUrl')) {
  const keyTag = `test-${randomUUID()}`;
  const names = createNames(keyTag);
  const onError = (): void => {};
  const redis = connectPatiently({ url: redisUrl, onError });
  opened.defer(() => redis.disconnect());
  const ledger = createLedger({ redis, names });
  const queue = opened.use(createOrderQueue({ redis, names, onError }));
  const tasks = createBulkTasks({ redis, names, ledger, search: createOrderSearch({ redis, names }) });

  async function accept(): Promise<string> {
    const id = `pb-${randomUUID()}`;
    const order = {
      id,
      franchiseId: 1,
      storeId: '1',
      items: [{ menuId: 1, description: 'Veggie', price: 0.05 }],
    };
    const request = { diner: { id: 2 }, order };
    await ledger.accept({
      id,
      fingerprint: 'f',
      source: 'frontend',
      dinerId: '2',
      request,
      deadlineMs: 60_000,
    });
    return id;
  }

  async function dead(): Promise<string> {
    const id = await accept();
    await ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
    return id;
  }

  async function admin(name: string): Promise<ManagedProcess> {
    const port = await freePort();
    return opened.use(
      await startProcess({
        name,
        script: path.join(import.meta.dirname, '../../apps/admin/dist/main.js'),
        readyUrl: `http://127.0.0.1:${port}/readyz`,
        env: { PORT: String(port), REDIS_URL: redisUrl, REDIS_KEY_TAG: keyTag },
      }),
    );
  }

  const create = (target: BulkTarget, rate: number) =>
    tasks.create({ action: 'replay', target, rate, why: 'mended', by: 'ann' });
  return { ledger, queue, tasks, audit: createAuditLog({ redis, names }), accept, dead, admin, create };
}

const many = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

/** @guarantee G6 */
test('kill -9 of admins in the middle of a bulk replay: another goes on within seconds, and every count is true', async () => {
  const { ledger, queue, tasks, audit, accept, dead, admin, create } = openLedger();
  const [ids, waiting] = [await many(800, dead), await many(100, accept)];
  const nobody = Array.from({ length: 100 }, () => `pb-${randomUUID()}`);
  const mixed = ids.flatMap((id, i) => (i % 8 === 0 ? [id, waiting[i / 8]!, nobody[i / 8]!] : [id]));
  const admins = await Promise.all(['admin', 'admin-2'].map(admin));
  const { id } = await create({ ids: mixed }, 200);

  for (const atLeast of [150, 450]) {
    await eventually(
      () => tasks.get(id),
      (task) => task!.moved >= atLeast,
    );
    // Whoever of the two works on it is among those that die.
    const victims =
      atLeast === 150 ? admins.filter((each) => each.logs().includes('bulk task taken')) : admins;
    for (const victim of victims) victim.kill('SIGKILL');
    await Promise.all(victims.map(({ exited }) => exited));
    if (atLeast === 450) await Promise.all(admins.map((each) => each.restart()));
  }
  const task = await eventually(
    () => tasks.get(id),
    (now) => now!.state === 'done',
    60_000,
  );
  expect(task).toMatchObject({ expected: 1_000, moved: 800, unchanged: 100, missing: 100 });

  const replays = (await Promise.all(ids.map((each) => ledger.find(each)))).map((order) => order?.replays);
  expect(new Set(replays)).toEqual(new Set([1]));
  expect(await queue.missing(ids)).toEqual([]);
  const told: string[] = [];
  for await (const entry of audit.all()) if (entry.task === id) told.push(entry.subject);
  expect(told.toSorted()).toEqual(ids.toSorted());
  expect((await audit.of(`bulk:${id}`)).map(({ action, result }) => [action, result])).toEqual([
    ['bulk_start', 'replay of 1000 orders, 200 a second'],
    ['bulk_end', 'replayed 800 of 1000; 100 had already been changed by others; there is no order for 100'],
  ]);
});

/** @guarantee G6 */
test('two admin processes, and two people who replay the same thousand dead letters: each is moved once', async () => {
  const { ledger, tasks, dead, admin, create } = openLedger();
  const ids = await many(1_000, dead);
  await Promise.all(['admin', 'admin-2'].map(admin));
  const created = await Promise.all([create({ ids }, 1_000), create({ filter: { state: ['dead'] } }, 1_000)]);
  const ended = await Promise.all(
    created.map(({ id }) =>
      eventually(
        () => tasks.get(id),
        (task) => task!.state === 'done',
        60_000,
      ),
    ),
  );
  expect(ended[0]!.moved + ended[1]!.moved).toBe(1_000);
  const replays = (await Promise.all(ids.map((each) => ledger.find(each)))).map((order) => order?.replays);
  expect(new Set(replays)).toEqual(new Set([1]));
});

test('a Redis that answers nothing for seconds, in the middle of a bulk replay: it goes on, and every count is true', async () => {
  const redis = opened.use(await ensureRedis());
  const { ledger, tasks, dead, admin, create } = openLedger(redis.url);
  const ids = await many(600, dead);
  await admin('admin');
  const { id } = await create({ ids }, 200);
  await eventually(
    () => tasks.get(id),
    (task) => task!.moved >= 100,
  );
  await redis.kill('SIGSTOP');
  await pause(4_000);
  await redis.kill('SIGCONT');
  const task = await eventually(
    () => tasks.get(id),
    (now) => now!.state === 'done',
    60_000,
  );
  expect(task).toMatchObject({ moved: 600, unchanged: 0, missing: 0 });
  expect((await ledger.stats()).counters).toMatchObject({ queued: 600, dead: 0 });
});
