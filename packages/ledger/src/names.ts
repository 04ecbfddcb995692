/**
 * Every key, channel and queue name in Redis, in one place. All share one hash tag, so that scripts that touch
 * several keys are legal on Redis Cluster; sharding will one day put a number into that tag.
 */
export type Names = ReturnType<typeof createNames>;

export const defaultKeyTag = 'proofbox';

export function createNames(keyTag: string) {
  const root = `{${keyTag}}`;
  return {
    /** The prefix of everything; scripts build index names from it as this file does. */
    root,
    order: (id: string) => `${root}:order:${id}`,
    attempts: (id: string) => `${root}:attempts:${id}`,
    doubleClick: (fingerprint: string) => `${root}:double-click:${fingerprint}`,
    byTime: `${root}:by-time`,
    byState: (state: string) => `${root}:by-state:${state}`,
    byReason: (reason: string) => `${root}:by-reason:${reason}`,
    byDiner: (dinerId: string) => `${root}:by-diner:${dinerId}`,
    /** Sorted set: pending orders by their deadline. */
    byDeadline: `${root}:by-deadline`,
    counters: `${root}:counters`,
    audit: `${root}:audit`,
    /** Pub/sub: the id of each order that was just fulfilled or parked. It only wakes; the ledger is asked. */
    settled: `${root}:settled`,
    /** Hash: the fleet's verdict on each factory. */
    verdicts: `${root}:verdicts`,
    /** Pub/sub: each verdict that was just changed. */
    verdictsChanged: `${root}:verdicts-changed`,
    /** Sorted set: living workers by their last heartbeat. */
    workers: `${root}:workers`,
    /** There while the auditor has had its run of the interval. */
    auditLease: `${root}:audit-lease`,
    /** Hash: where each of the auditor's walks goes on. */
    auditPlaces: `${root}:audit-places`,
    /** What the auditor's last run found, as JSON. */
    auditResult: `${root}:audit-result`,
    /** Hash: by what this dataset is known again, and whether it was found to have lost something. */
    dataset: `${root}:dataset`,
    /** Hash: when this factory last fulfilled an order, and which. */
    factory: (name: string) => `${root}:factory:${name}`,
    /** There while this factory has had its canary order of the interval. */
    canaryTurn: (factory: string) => `${root}:canary-turn:${factory}`,
    queuePrefix: root,
    queueName: 'orders',
    /** BullMQ's: the job of an order, and its lists and sets of jobs. */
    job: (id: string) => `${root}:orders:${id}`,
    /** BullMQ's: there while a worker has the job. */
    jobLock: (id: string) => `${root}:orders:${id}:lock`,
  };
}
