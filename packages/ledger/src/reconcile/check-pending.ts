import type { Attempt, FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';
import type { OrderQueue } from '../queue/order-queue.ts';
import { defineOrderScripts } from '../orders/scripts/order-scripts.ts';
import { readAttempt } from '../orders/ledger.ts';
import { walkSlices, type SliceCursor } from './walk-slices.ts';

export type PendingFindings = {
  /** Orders that had no job; with `mend` they have it back. */
  requeued: string[];
  /** Attempts that nobody will end any more; with `mend` they are unknown, and their orders wait again. */
  reclaimed: { id: string; attempt?: Attempt }[];
  /** The same at a factory that must not be asked twice: left to the worker that takes the order, which holds it. */
  leftToWorker: string[];
  /** How many of the orders it saw have a job. */
  withJob: number;
  next: SliceCursor;
};

export type PendingCheckOptions = {
  mend: boolean;
  from: SliceCursor;
  maxSlices: number;
  /** An order that changed less than this ago may be on its way into the queue. */
  graceMs: number;
  /** Factories that may be asked twice for the same order. */
  repeatable: readonly FactoryName[];
};

const pendingStates = ['baking', 'queued'] as const;
const sliceSize = 1_000;

/** Looks whether every pending order has a job, and whether its attempts end. */
export function createPendingCheck({
  redis,
  names,
  queue,
  now,
}: {
  redis: Redis;
  names: Names;
  queue: OrderQueue;
  now?: () => number;
}) {
  const lookAtSlice = defineScript(redis, new URL('./check-pending.lua', import.meta.url), { keys: 1 });
  const run = defineOrderScripts({ redis, names });

  async function reclaim(id: string, options: PendingCheckOptions): Promise<Attempt | 'left' | undefined> {
    const reply = (await run('reclaim-stale', names.order(id), [
      names.root,
      id,
      now?.() ?? '',
      names.jobLock(id),
      `,${options.repeatable.join(',')},`,
    ])) as number | null;
    if (reply === null) return undefined;
    return reply === 0 ? 'left' : readAttempt({ redis, names }, { id, n: reply });
  }

  return async function checkPending(options: PendingCheckOptions): Promise<PendingFindings> {
    const found: Omit<PendingFindings, 'next'> = {
      requeued: [],
      reclaimed: [],
      leftToWorker: [],
      withJob: 0,
    };

    async function endStale(ids: string[]): Promise<void> {
      for (const id of ids) {
        const attempt = options.mend ? await reclaim(id, options) : undefined;
        if (attempt === 'left') found.leftToWorker.push(id);
        else if (attempt !== undefined) found.reclaimed.push({ id, attempt });
        else if (!options.mend) found.reclaimed.push({ id });
      }
    }

    const next = await walkSlices({
      sets: pendingStates.length,
      from: options.from,
      sliceSize,
      maxSlices: options.maxSlices,
      async visit({ set, offset }) {
        const [seen, missing, stale, withJob] = (await lookAtSlice(
          names.byState(pendingStates[set]!),
          names.root,
          names.job(''),
          offset,
          sliceSize,
          options.graceMs,
          now?.() ?? '',
        )) as [number, string[], string[], number];
        await endStale(stale);
        // A job added for an order that has settled meanwhile does no harm: the worker that takes it lets it go.
        if (options.mend) await queue.addAll(missing);
        found.requeued.push(...missing);
        found.withJob += withJob;
        return seen;
      },
    });
    return { ...found, next };
  };
}
