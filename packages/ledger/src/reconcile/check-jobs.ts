import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';
import type { OrderQueue } from '../queue/order-queue.ts';
import { walkSlices } from './walk-slices.ts';

export type JobFindings = {
  /**
   * Jobs of which there is no order, and jobs of settled orders. They are only counted: the worker that takes one lets
   * it go without a call, and one that is removed here could be the one that a replay in this moment counts on.
   */
  withoutOrder: number;
  settled: number;
  /** Pending orders whose job stands in no list of the queue; with `mend` they have one that does. */
  stray: string[];
};

const lists = ['wait', 'active'] as const;
const sortedSets = ['delayed', 'prioritized'] as const;
const sliceSize = 1_000;

/** Compares the queue with the ledger, job by job: for a look by hand, and when the numbers do not fit. */
export function createJobCheck({ redis, names, queue }: { redis: Redis; names: Names; queue: OrderQueue }) {
  const lookAtSlice = defineScript(redis, new URL('./check-jobs.lua', import.meta.url), { keys: 1 });
  const dropStray = defineScript(redis, new URL('./drop-stray-jobs.lua', import.meta.url), {
    keys: lists.length + sortedSets.length,
  });
  const sets = [...lists, ...sortedSets].map((each) => names.job(each));

  async function walkJobs() {
    const withoutOrder = new Set<string>();
    const settled = new Set<string>();
    const listed = new Set<string>();
    await walkSlices({
      sets: sets.length,
      from: { set: 0, offset: 0 },
      sliceSize,
      maxSlices: Infinity,
      async visit({ set, offset }) {
        const reply = await lookAtSlice(sets[set]!, names.root, offset, sliceSize);
        const [seen, orderless, settledIds, ids] = reply as [number, string[], string[], string[]];
        for (const id of orderless) withoutOrder.add(id);
        for (const id of settledIds) settled.add(id);
        for (const id of ids) listed.add(id);
        return seen;
      },
    });
    return { withoutOrder, settled, listed };
  }

  async function pendingNotIn(listed: ReadonlySet<string>): Promise<string[]> {
    const missing: string[] = [];
    for (const state of ['baking', 'queued'] as const) {
      for (let offset = 0; ; offset += sliceSize) {
        const ids = await redis.zrange(names.byState(state), offset, String(offset + sliceSize - 1));
        missing.push(...ids.filter((id) => !listed.has(id)));
        if (ids.length < sliceSize) break;
      }
    }
    const absent = new Set(await queue.missing(missing));
    return missing.filter((id) => !absent.has(id));
  }

  return {
    /** How many jobs stand in a list of the queue. */
    async countListed(): Promise<number> {
      const counts = await Promise.all([
        ...lists.map((each) => redis.llen(names.job(each))),
        ...sortedSets.map((each) => redis.zcard(names.job(each))),
      ]);
      return counts.reduce((total, each) => total + each, 0);
    },

    /** @param options.mend a job that only moved from list to list meanwhile is found out by looking at it alone */
    async checkJobs(options: { mend: boolean }): Promise<JobFindings> {
      const { withoutOrder, settled, listed } = await walkJobs();
      const found = { withoutOrder: withoutOrder.size, settled: settled.size };
      if (!options.mend) {
        // One that is in a list by now was only on its way from one to another.
        const { listed: later } = await walkJobs();
        return { ...found, stray: await pendingNotIn(new Set([...listed, ...later])) };
      }
      const stray: string[] = [];
      for (const slice of slices(await pendingNotIn(listed))) {
        const dropped = (await dropStray(...sets, names.job(''), ...slice)) as string[];
        stray.push(...dropped);
      }
      // Only now: until then the lists are as short as they were. A process that dies here leaves orders without a job.
      await queue.addAll(stray);
      return { ...found, stray };
    },
  };
}

function slices(ids: string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / sliceSize) }, (_each, i) =>
    ids.slice(i * sliceSize, (i + 1) * sliceSize),
  );
}
