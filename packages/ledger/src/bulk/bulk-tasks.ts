import { randomBytes } from 'node:crypto';
import type { AuditAction, BulkIn, BulkState, BulkTarget, BulkTask } from '@proofbox/contract/admin';
import type { Redis } from 'ioredis';
import { Conflict } from '../errors.ts';
import { defineScript } from '../redis/define-script.ts';
import type { Ledger } from '../orders/ledger.ts';
import type { Names } from '../redis/names.ts';
import { readRedisTime } from '../redis/read-redis-time.ts';
import { countTarget, previewTarget, type BulkCount } from './bulk-preview.ts';
import type { DeadLetterSearch } from './bulk-search.ts';
import { listedFields, readBulkTask, readListedTask, targetFields } from './bulk-task-codec.ts';

/** More at once would only be in each other's way. */
const mostOpen = 20;
const endedKept = 100;
const endedKeptMs = 30 * 86_400_000;

export type BulkTasks = ReturnType<typeof createBulkTasks>;

/** Who changes a task, and why. */
export type BulkChange = { id: string; by: string; why?: string };

/** Bulk tasks as people see them. What they do is done elsewhere (bulk-leases.ts): a task is only what Redis says of it. */
export function createBulkTasks({
  redis,
  names,
  ledger,
  search,
  now,
}: {
  redis: Redis;
  names: Names;
  ledger: Pick<Ledger, 'find'>;
  search: DeadLetterSearch;
  /** For tests: in place of Redis' own clock. */
  now?: () => number;
}) {
  const createTask = defineScript(redis, new URL('./create-bulk.lua', import.meta.url), { keys: 2 });
  const changeTask = defineScript(redis, new URL('./change-bulk.lua', import.meta.url), { keys: 5 });
  const opened = { redis, names, ledger, search };

  async function time(): Promise<number> {
    return now?.() ?? Math.floor(await readRedisTime(redis));
  }

  async function readTasks(ids: string[]): Promise<BulkTask[]> {
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hmget(names.bulk(id), ...listedFields);
    const replies = ids.length === 0 ? [] : ((await pipeline.exec()) ?? []);
    const at = await time();
    return replies.flatMap(([error, values]) => {
      if (error) throw error;
      return readListedTask(values as (string | null)[], at) ?? [];
    });
  }

  async function get(id: string): Promise<BulkTask | undefined> {
    return readBulkTask(await redis.hgetall(names.bulk(id)), await time());
  }

  async function change(
    { id, by, why = 'no reason given' }: BulkChange,
    to: { action: AuditAction; state: BulkState; from: BulkState[]; holder?: string },
  ): Promise<BulkTask | undefined> {
    const own = [names.bulk(id), names.bulkOpen, names.bulkEnded, names.bulkLease(id), names.bulkSeen(id)];
    const from = `,${to.from.join(',')},`;
    const what = [names.root, await time(), id, to.action, to.state, from, by, why, to.holder ?? ''];
    const reply = await changeTask(...own, ...what, endedKept, endedKeptMs);
    const [status, state] = reply as ['changed' | 'unchanged' | 'missing', BulkState?];
    if (status === 'missing') return undefined;
    const hasEnded = state === 'done' || state === 'aborted';
    if (status === 'unchanged' && hasEnded && state !== to.state) {
      throw new Conflict(state === 'done' ? 'This task is done already.' : 'This task was aborted.');
    }
    return get(id);
  }

  return {
    /** What a task with this target would do now. */
    async preview(target: BulkTarget): Promise<BulkCount> {
      return previewTarget(opened, { target, before: await time() });
    },

    /**
     * Starts a task, with an audit entry. Some admin takes it within a second.
     * @throws Conflict when too many tasks are open
     */
    async create({ action, target, rate, why, by }: BulkIn & { by: string }): Promise<BulkTask> {
      const id = randomBytes(6).toString('hex');
      const createdAt = await time();
      const wanted = 'ids' in target ? { ids: [...new Set(target.ids)] } : target;
      const counted =
        'ids' in wanted
          ? { count: wanted.ids.length, isExact: true }
          : await countTarget(opened, { target: wanted, before: createdAt });
      const task = {
        id,
        action,
        rate,
        why,
        by,
        createdAt,
        state: 'running',
        batch: 0,
        moved: 0,
        unchanged: 0,
        missing: 0,
        ...targetFields(wanted),
        expected: counted.count,
        isExpectedExact: counted.isExact ? 1 : 0,
      };
      const orders = `${counted.isExact ? '' : 'at least '}${counted.count} orders`;
      const about = `${action} of ${orders}, ${rate} a second`;
      const keys = [names.bulk(id), names.bulkOpen];
      const entry = [names.root, createdAt, id, mostOpen, by, why, about];
      const created = await createTask(...keys, ...entry, ...Object.entries(task).flat());
      if (created === 0) {
        throw new Conflict(`${mostOpen} tasks are open already: wait until one is done, or abort one.`);
      }
      return (await get(id))!;
    },

    get,

    /** The open tasks and the last ended ones, newest first, each with the first few of its ids only. */
    async list(): Promise<BulkTask[]> {
      const [open, ended_] = await Promise.all([
        redis.smembers(names.bulkOpen),
        redis.zrange(names.bulkEnded, '0', '-1'),
      ]);
      const tasks = await readTasks([...open, ...ended_]);
      return tasks.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    },

    /** Takes effect at once: no order is moved after this. @throws Conflict for a task that has ended */
    pause: (input: BulkChange) => change(input, { action: 'bulk_pause', state: 'paused', from: ['running'] }),

    /** @throws Conflict for a task that has ended */
    resume: (input: BulkChange) =>
      change(input, { action: 'bulk_resume', state: 'running', from: ['paused'] }),

    /** Takes effect at once, and for good. @throws Conflict for a task that is done */
    abort: (input: BulkChange) =>
      change(input, { action: 'bulk_abort', state: 'aborted', from: ['running', 'paused'] }),

    /** There is nothing left to do: for the process that works on it. @returns the task as it is then */
    end: ({ holder, ...input }: BulkChange & { holder: string }) =>
      change(input, { action: 'bulk_end', state: 'done', from: ['running'], holder }),
  };
}
