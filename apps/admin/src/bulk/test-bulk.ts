import { randomUUID } from 'node:crypto';
import type { BulkIn, BulkTask } from '@proofbox/contract/admin';
import {
  connectFailingFast,
  createLedger,
  createNames,
  createOrderQueue,
  type Ledger,
  type Names,
  type OrderQueue,
} from '@proofbox/ledger';
import {
  createBulkTasks,
  createOrderSearch,
  type BulkTasks,
  type OrderSearch,
} from '@proofbox/ledger/operations';
import { createLogger, createMetrics, type Registry } from '@proofbox/runtime';
import { inject } from 'vitest';
import { createBulkEvents } from './bulk-events.ts';
import { startBulkRunner } from './bulk-runner.ts';

const deadlineMs = 60_000;

/** Dead letters on the run's real Redis, and as many runners as a test wants, each on connections of its own; all are closed with it. */
export type TestBulk = AsyncDisposable & {
  redis: ReturnType<typeof connectFailingFast>;
  names: Names;
  ledger: Ledger;
  queue: OrderQueue;
  tasks: BulkTasks;
  search: OrderSearch;
  dead(count: number): Promise<string[]>;
  create(changes?: Partial<BulkIn>): Promise<BulkTask>;
  runner(): Promise<AsyncDisposable & { metrics: Registry }>;
};

export async function openTestBulk(): Promise<TestBulk> {
  const names = createNames(`test-${randomUUID()}`);
  await using opened = new AsyncDisposableStack();
  const onError = (): void => {};

  async function connect(stack: AsyncDisposableStack) {
    const redis = connectFailingFast({ url: inject('redisUrl'), onError });
    stack.defer(() => redis.disconnect());
    if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
    const ledger = createLedger({ redis, names });
    const queue = stack.use(createOrderQueue({ redis, names, onError }));
    const search = createOrderSearch({ redis, names });
    const tasks = createBulkTasks({ redis, names, ledger, search });
    return { redis, ledger, queue, search, tasks };
  }

  const base = await connect(opened);
  const running = opened.move();
  return {
    ...base,
    names,
    async dead(count) {
      const ids = Array.from({ length: count }, () => `pb-${randomUUID()}`);
      for (let from = 0; from < count; from += 500)
        await Promise.all(ids.slice(from, from + 500).map((id) => aDeadLetter(base.ledger, id)));
      return ids;
    },
    create: (changes) =>
      base.tasks.create({
        action: 'replay',
        target: { filter: {} },
        rate: 1_000,
        why: 'mended',
        by: 'ann',
        ...changes,
      }),
    async runner() {
      const stack = running.use(new AsyncDisposableStack());
      const own = await connect(stack);
      const metrics = createMetrics();
      const logger = createLogger({ service: 'test', level: 'silent' });
      const events = createBulkEvents({ logger, metrics, tasks: own.tasks });
      stack.use(startBulkRunner({ ...own, names, deadlineMs, events, onError }));
      return { metrics, [Symbol.asyncDispose]: () => stack.disposeAsync() };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function aDeadLetter(ledger: Ledger, id: string): Promise<void> {
  const order = {
    id,
    franchiseId: 1,
    storeId: '1',
    items: [{ menuId: 1, description: 'Veggie', price: 0.05 }],
  };
  const request = { diner: { id: 2 }, order };
  await ledger.accept({ id, fingerprint: 'f', source: 'frontend', dinerId: '2', request, deadlineMs });
  await ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
}
