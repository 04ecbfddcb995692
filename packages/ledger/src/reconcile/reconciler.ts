import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { createBalanceCheck, isBalanced, type Balance } from './balance.ts';
import { createDelayCheck } from './check-delays.ts';
import { createIndexCheck, type IndexFindings } from './check-indexes.ts';
import { createJobCheck, type JobFindings } from './check-jobs.ts';
import { createPendingCheck, type PendingFindings } from './check-pending.ts';
import type { Names } from '../redis/names.ts';
import type { OrderQueue } from '../queue/order-queue.ts';
import type { SliceCursor } from './walk-slices.ts';

export type ReconcileFindings = {
  balance: Balance;
  pending: Omit<PendingFindings, 'next'>;
  indexes: Omit<IndexFindings, 'next'>;
  /** Orders whose jobs a wrong clock had delayed beyond their time; with `mend` they wait no more. */
  delayed: string[];
  /** Looked at only by hand, and when there are fewer jobs in the queue than orders that have one. */
  jobs?: JobFindings;
  durationMs: number;
};

/** What every process of the fleet can know of the last run. `at` in ms since the epoch. */
export type ReconcileResult = { at: number; difference: Balance['difference'] };

export type ReconcilerOptions = {
  redis: Redis;
  names: Names;
  queue: OrderQueue;
  /** An order that changed less than this ago may be on its way into the queue. */
  graceMs: number;
  /** Factories that may be asked twice for the same order. */
  repeatable: readonly FactoryName[];
  /** How many index entries a run looks at, in slices of 100. Default 50. */
  indexSlices?: number;
  now?: () => number;
};

/** A run looks at so many thousand pending orders at most. */
const pendingSlices = 200;
const beginning: SliceCursor = { set: 0, offset: 0 };

/** Compares the ledger with itself and with the queue (guarantee G7), and mends what can be mended. */
export function createReconciler(options: ReconcilerOptions) {
  const { redis, names, graceMs, repeatable, indexSlices = 50, now = Date.now } = options;
  const checkBalance = createBalanceCheck(options);
  const checkPending = createPendingCheck(options);
  const checkDelays = createDelayCheck(options);
  const checkIndexes = createIndexCheck(options);
  const jobCheck = createJobCheck(options);

  async function reconcile(work: {
    mend: boolean;
    isWhole: boolean;
    cursors: { pending: SliceCursor; indexes: SliceCursor };
  }): Promise<{ findings: ReconcileFindings; next: { pending: SliceCursor; indexes: SliceCursor } }> {
    const { mend, isWhole, cursors } = work;
    const startedAt = performance.now();
    const listedBefore = await jobCheck.countListed();
    const policy = { graceMs, repeatable };
    const pending = await checkPending({
      mend,
      from: cursors.pending,
      maxSlices: isWhole ? Infinity : pendingSlices,
      ...policy,
    });
    const indexes = await checkIndexes({
      mend,
      from: cursors.indexes,
      maxSlices: isWhole ? Infinity : indexSlices,
    });
    const listed = Math.max(listedBefore, await jobCheck.countListed());
    const looksAtJobs = isWhole || pending.withJob > listed;
    const jobs = looksAtJobs ? await jobCheck.checkJobs({ mend }) : undefined;
    const findings = {
      balance: await checkBalance({ mend }),
      pending,
      delayed: await checkDelays({ mend }),
      indexes,
      ...(jobs && { jobs }),
      durationMs: performance.now() - startedAt,
    };
    return { findings, next: { pending: pending.next, indexes: indexes.next } };
  }

  return {
    /** Everything, at once. */
    async reconcileAll({ mend }: { mend: boolean }): Promise<ReconcileFindings> {
      return (await reconcile({ mend, isWhole: true, cursors: { pending: beginning, indexes: beginning } }))
        .findings;
    },

    /**
     * The fleet's run of this interval: a bounded piece, mended. One process does it per `leaseMs`.
     * @returns undefined in all the others
     */
    async runIfDue({ leaseMs }: { leaseMs: number }): Promise<ReconcileFindings | undefined> {
      if ((await redis.set(names.reconcileLease, '1', 'PX', leaseMs, 'NX')) === null) return undefined;
      const cursors = await redis.hgetall(names.reconcileCursors);
      const { findings, next } = await reconcile({
        mend: true,
        isWhole: false,
        cursors: { pending: readCursor(cursors['pending']), indexes: readCursor(cursors['indexes']) },
      });
      const result: ReconcileResult = { at: now(), difference: findings.balance.difference };
      await redis
        .multi()
        .hset(names.reconcileCursors, {
          pending: JSON.stringify(next.pending),
          indexes: JSON.stringify(next.indexes),
        })
        .set(names.reconcileResult, JSON.stringify(result))
        .exec();
      return findings;
    },

    lastResult: () => readReconcileResult({ redis, names }),
  };
}

/** What the fleet's last run found, by whomever; undefined before the first. */
export async function readReconcileResult({
  redis,
  names,
}: {
  redis: Redis;
  names: Names;
}): Promise<ReconcileResult | undefined> {
  const json = await redis.get(names.reconcileResult);
  return json === null ? undefined : (JSON.parse(json) as ReconcileResult);
}

/** Whether there is nothing that a person should know of. */
export function isClean({ balance, pending, delayed, indexes, jobs }: ReconcileFindings): boolean {
  return (
    isBalanced(balance) &&
    pending.requeued.length === 0 &&
    pending.reclaimed.length === 0 &&
    pending.leftToWorker.length === 0 &&
    delayed.length === 0 &&
    indexes.misplaced.length === 0 &&
    indexes.lost.length === 0 &&
    (jobs?.stray.length ?? 0) === 0
  );
}

function readCursor(json: string | undefined): SliceCursor {
  return json === undefined ? beginning : (JSON.parse(json) as SliceCursor);
}
