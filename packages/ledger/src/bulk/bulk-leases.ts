import { randomUUID } from 'node:crypto';
import type { OrderState } from '@proofbox/contract';
import type { BulkState, BulkTask } from '@proofbox/contract/admin';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';
import { defineManyOrderScripts } from '../orders/scripts/order-scripts.ts';
import { readRedisTime } from '../redis/read-redis-time.ts';
import type { DeadLetterSearch } from './bulk-search.ts';
import { readBulkTask } from './bulk-task-codec.ts';

/** A task that this process works on. `batch` and `cursor`: how far it is. */
export type BulkLease = { task: BulkTask; holder: string; batch: string; cursor: string | undefined };

/**
 * What became of one order. `seen`: this task was done with it before, and has counted it. `stopped`: the task is paused,
 * aborted, or another process has it by now, so nothing was done.
 */
export type BulkMove = {
  id: string;
  status: 'replayed' | 'discarded' | 'unchanged' | 'missing' | 'seen' | 'stopped';
  state?: OrderState;
};

export type BulkBatch = { ids: string[]; nextCursor?: string };

export type BulkLeases = ReturnType<typeof createBulkLeases>;

/**
 * The work on bulk tasks, for the process that does it. One process at a time has the lease of a task; what is counted is what
 * has happened, whichever process dies at whichever point (bulk-lease.lua).
 */
export function createBulkLeases({
  redis,
  names,
  search,
  leaseMs,
  now,
}: {
  redis: Redis;
  names: Names;
  search: Pick<DeadLetterSearch, 'ids'>;
  /** A process without a sign of life for so long has lost its lease. */
  leaseMs: number;
  /** For tests: in place of Redis' own clock. */
  now?: () => number;
}) {
  const runMany = defineManyOrderScripts({ redis, names });
  const keep = defineScript(redis, new URL('./keep-bulk.lua', import.meta.url), { keys: 2 });
  const advance = defineScript(redis, new URL('./advance-bulk.lua', import.meta.url), { keys: 3 });

  return {
    /** Tasks that run, or are paused. */
    open: (): Promise<string[]> => redis.smembers(names.bulkOpen),

    /**
     * Takes a task that runs and that nobody works on.
     * @returns undefined when there is nothing to take; `leftovers` are orders of a batch that another process did not finish
     */
    async take(id: string): Promise<(BulkLease & { leftovers: string[] }) | undefined> {
      if ((await redis.hget(names.bulk(id), 'state')) !== 'running') return undefined;
      const holder = randomUUID();
      if ((await redis.set(names.bulkLease(id), holder, 'PX', leaseMs, 'NX')) === null) return undefined;
      const [hash, leftovers] = await Promise.all([
        redis.hgetall(names.bulk(id)),
        redis.smembers(names.bulkSeen(id)),
      ]);
      const task = readBulkTask(hash, now?.() ?? (await readRedisTime(redis)));
      if (task === undefined) return undefined;
      return { task, holder, batch: hash['batch'] ?? '0', cursor: hash['cursor'], leftovers };
    },

    /** The orders of the next batch. */
    async next({ task, cursor }: BulkLease, limit: number): Promise<BulkBatch> {
      if ('ids' in task.target) {
        const from = Number(cursor ?? 0);
        const { ids } = task.target;
        const to = from + limit;
        return { ids: ids.slice(from, to), ...(to < ids.length && { nextCursor: String(to) }) };
      }
      return search.ids({
        filter: task.target.filter,
        before: Date.parse(task.createdAt),
        limit,
        ...(cursor !== undefined && { cursor }),
      });
    },

    /** Moves these orders, each by a script of its own, and counts them. */
    async move(lease: BulkLease, ids: string[], deadlineMs: number): Promise<BulkMove[]> {
      const { id: taskId, action, by, why } = lease.task;
      const newDeadline = action === 'replay' ? [deadlineMs] : [];
      const replies = await runMany(
        action,
        ids.map((id) => ({
          key: names.order(id),
          args: [names.root, id, now?.() ?? '', ...newDeadline, by, why, taskId, lease.holder, lease.batch],
        })),
      );
      return replies.map((reply, i) => {
        const [status, state] = reply as [BulkMove['status'], OrderState?];
        return { id: ids[i]!, status, ...(state && { state }) };
      });
    },

    /** The batch is done, and the next one begins at `cursor`. @returns undefined when another process has the lease */
    async advance(lease: BulkLease, cursor: string): Promise<BulkLease | undefined> {
      const { id } = lease.task;
      const keys = [names.bulk(id), names.bulkLease(id), names.bulkSeen(id)];
      const moved = await advance(...keys, lease.holder, lease.batch, cursor);
      return moved === 1 ? { ...lease, cursor, batch: String(Number(lease.batch) + 1) } : undefined;
    },

    /** Renews the lease, and reports progress. @returns the task's state; undefined when another process has the lease */
    async keep(
      { task, holder }: BulkLease,
      progress: { ratePerSecond: number; trouble?: string },
    ): Promise<BulkState | undefined> {
      const keys = [names.bulk(task.id), names.bulkLease(task.id)];
      const rate = progress.ratePerSecond.toFixed(1);
      const state = await keep(...keys, holder, leaseMs, now?.() ?? '', rate, progress.trouble ?? '');
      return (state as BulkState | null) ?? undefined;
    },

    /** Gives it back, so that another process need not wait for the lease to run out. */
    async giveBack({ task, holder }: BulkLease): Promise<void> {
      await keep(names.bulk(task.id), names.bulkLease(task.id), holder, 0, now?.() ?? '', '0', '');
    },
  };
}
