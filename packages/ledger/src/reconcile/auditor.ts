import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { createBookKeeper, isBalanced, type AuditedBooks } from './audit-books.ts';
import { createDelayAudit } from './audit-delays.ts';
import { createIndexAudit, type IndexFindings } from './audit-indexes.ts';
import { createJobAudit, type JobFindings } from './audit-jobs.ts';
import { createPendingAudit, type PendingFindings } from './audit-pending.ts';
import type { Names } from '../redis/names.ts';
import type { OrderQueue } from '../queue/order-queue.ts';
import type { Place } from './walk-slices.ts';

export type AuditFindings = {
  books: AuditedBooks;
  pending: Omit<PendingFindings, 'next'>;
  indexes: Omit<IndexFindings, 'next'>;
  /** Orders whose jobs a wrong clock had delayed beyond their time; with `mend` they wait no more. */
  delayed: string[];
  /** Looked at only by hand, and when there are fewer jobs in the queue than orders that have one. */
  jobs?: JobFindings;
  durationMs: number;
};

/** What every process of the fleet can know of the last run. `at` in ms since the epoch. */
export type AuditResult = { at: number; difference: AuditedBooks['difference'] };

export type AuditorOptions = {
  redis: Redis;
  names: Names;
  queue: OrderQueue;
  /** An order that changed less than this ago may be on its way into the queue. */
  graceMs: number;
  /** Factories that may be asked twice for the same order. */
  repeatable: readonly FactoryName[];
  /** How many places in the indexes a run looks at, in slices of 100. Default 50. */
  indexSlices?: number;
  now?: () => number;
};

/** A run looks at so many thousand pending orders at most. */
const pendingSlices = 200;
const beginning: Place = { set: 0, offset: 0 };

/** Compares the ledger with itself and with the queue (guarantee G7), and mends what can be mended. */
export function createAuditor(options: AuditorOptions) {
  const { redis, names, graceMs, repeatable, indexSlices = 50, now = Date.now } = options;
  const auditBooks = createBookKeeper(options);
  const auditPending = createPendingAudit(options);
  const auditDelays = createDelayAudit(options);
  const auditIndexes = createIndexAudit(options);
  const jobAudit = createJobAudit(options);

  async function audit(work: {
    mend: boolean;
    isWhole: boolean;
    places: { pending: Place; indexes: Place };
  }): Promise<{ findings: AuditFindings; next: { pending: Place; indexes: Place } }> {
    const { mend, isWhole, places } = work;
    const startedAt = performance.now();
    const listedBefore = await jobAudit.countListed();
    const policy = { graceMs, repeatable };
    const pending = await auditPending({
      mend,
      from: places.pending,
      maxSlices: isWhole ? Infinity : pendingSlices,
      ...policy,
    });
    const indexes = await auditIndexes({
      mend,
      from: places.indexes,
      maxSlices: isWhole ? Infinity : indexSlices,
    });
    const listed = Math.max(listedBefore, await jobAudit.countListed());
    const looksAtJobs = isWhole || pending.withJob > listed;
    const jobs = looksAtJobs ? await jobAudit.auditJobs({ mend }) : undefined;
    const findings = {
      books: await auditBooks({ mend }),
      pending,
      delayed: await auditDelays({ mend }),
      indexes,
      ...(jobs && { jobs }),
      durationMs: performance.now() - startedAt,
    };
    return { findings, next: { pending: pending.next, indexes: indexes.next } };
  }

  return {
    /** Everything, at once. */
    async auditAll({ mend }: { mend: boolean }): Promise<AuditFindings> {
      return (await audit({ mend, isWhole: true, places: { pending: beginning, indexes: beginning } }))
        .findings;
    },

    /**
     * The fleet's run of this interval: a bounded piece, mended. One process does it per `leaseMs`.
     * @returns undefined in all the others
     */
    async takeTurn({ leaseMs }: { leaseMs: number }): Promise<AuditFindings | undefined> {
      if ((await redis.set(names.auditLease, '1', 'PX', leaseMs, 'NX')) === null) return undefined;
      const places = await redis.hgetall(names.auditPlaces);
      const { findings, next } = await audit({
        mend: true,
        isWhole: false,
        places: { pending: readPlace(places['pending']), indexes: readPlace(places['indexes']) },
      });
      const result: AuditResult = { at: now(), difference: findings.books.difference };
      await redis
        .multi()
        .hset(names.auditPlaces, {
          pending: JSON.stringify(next.pending),
          indexes: JSON.stringify(next.indexes),
        })
        .set(names.auditResult, JSON.stringify(result))
        .exec();
      return findings;
    },

    lastResult: () => readAuditResult({ redis, names }),
  };
}

/** What the fleet's last run found, by whomever; undefined before the first. */
export async function readAuditResult({
  redis,
  names,
}: {
  redis: Redis;
  names: Names;
}): Promise<AuditResult | undefined> {
  const json = await redis.get(names.auditResult);
  return json === null ? undefined : (JSON.parse(json) as AuditResult);
}

/** Whether there is nothing that a person should know of. */
export function isClean({ books, pending, delayed, indexes, jobs }: AuditFindings): boolean {
  return (
    isBalanced(books) &&
    pending.requeued.length === 0 &&
    pending.reclaimed.length === 0 &&
    pending.leftToWorker.length === 0 &&
    delayed.length === 0 &&
    indexes.misplaced.length === 0 &&
    indexes.lost.length === 0 &&
    (jobs?.stray.length ?? 0) === 0
  );
}

function readPlace(json: string | undefined): Place {
  return json === undefined ? beginning : (JSON.parse(json) as Place);
}
