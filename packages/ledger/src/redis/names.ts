/**
 * Every key, channel and queue name in Redis, in one place. All share one hash tag, so that scripts that touch
 * several keys are legal on Redis Cluster; sharding will one day put a number into that tag.
 */
export type Names = ReturnType<typeof createNames>;

export const defaultKeyTag = 'proofbox';

/** @param database the number of the database, as `databaseOf` reads it out of REDIS_URL */
export function createNames(keyTag: string, database = 0) {
  const root = `{${keyTag}}`;
  /** Keys live in a database, but a channel is heard in all of them. */
  const channel = (name: string) => `${root}:${name}@${database}`;
  return {
    /** The prefix of everything; scripts build index names from it as this file does. */
    root,
    order: (id: string) => `${root}:order:${id}`,
    doubleClick: (fingerprint: string) => `${root}:double-click:${fingerprint}`,
    byTime: `${root}:by-time`,
    byState: (state: string) => `${root}:by-state:${state}`,
    byReason: (reason: string) => `${root}:by-reason:${reason}`,
    byDiner: (dinerId: string) => `${root}:by-diner:${dinerId}`,
    /** Sorted sets: dead and held orders by when they came to rest (dead-letter-places.lua). */
    deadByFactory: (factory: string) => `${root}:dead-by-factory:${factory}`,
    deadByStore: (storeId: string) => `${root}:dead-by-store:${storeId}`,
    deadByDiner: (dinerId: string) => `${root}:dead-by-diner:${dinerId}`,
    deadByError: (group: string) => `${root}:dead-by-error:${group}`,
    /** Hash: what the errors of each group look like. */
    errorGroups: `${root}:error-groups`,
    /** Sorted set: pending orders by their deadline. */
    byDeadline: `${root}:by-deadline`,
    /** List: what an order said before each edit; five values each: when, who did it, why, the store and the request. */
    edits: (id: string) => `${root}:edits:${id}`,
    counters: `${root}:counters`,
    /** Stream: the audit log. */
    audit: `${root}:audit`,
    /** List: where in the audit log the entries about an order, a factory, a task are, oldest first. */
    auditOf: (subject: string) => `${root}:audit-of:${subject}`,
    /** Pub/sub: the id of each order that was just fulfilled or became a dead letter. It only wakes; the ledger is asked. */
    settled: channel('settled'),
    /** Hash: the state of each factory's breaker, and its version. */
    breakers: `${root}:breakers`,
    /** Pub/sub: each state of a breaker that was just changed. */
    breakersChanged: channel('breakers-changed'),
    /** Hash: whether an operator has paused the queue, who, when and why. */
    queuePause: `${root}:queue-pause`,
    /** Pub/sub: the queue was just paused or resumed. It only wakes; the switch is asked. */
    queuePauseChanged: channel('queue-pause-changed'),
    /** Sorted set: living workers by their last heartbeat. */
    workers: `${root}:workers`,
    /** There while the reconciler has had its run of the interval. */
    reconcileLease: `${root}:reconcile-lease`,
    /** Hash: where each of the reconciler's walks goes on. */
    reconcileCursors: `${root}:reconcile-cursors`,
    /** What the reconciler's last run found, as JSON. */
    reconcileResult: `${root}:reconcile-result`,
    /** Hash: by what this dataset is known again, and whether it was found to have lost something. */
    dataset: `${root}:dataset`,
    /** Hash: how far each ingest is with putting back what Redis had lost. */
    restores: `${root}:restores`,
    /** Stream: how the whole was, each 10 s of the last two days. */
    history: `${root}:history`,
    /** There while the fleet has taken its sample of the interval. */
    historyTurn: `${root}:history-turn`,
    /**
     * Hash: when this factory last fulfilled an order, when it last baked anything (a canary, too) and which, how long it
     * takes on average, and the share that fails of orders that are new to it.
     */
    factory: (name: string) => `${root}:factory:${name}`,
    /** There while this factory has had its canary order of the interval for this purpose. */
    canaryTurn: (factory: string, purpose: string) => `${root}:canary-turn:${factory}:${purpose}`,
    /** What a browser that is signed in at the admin server may do; by a hash of what it holds. */
    adminSession: (hash: string) => `${root}:admin-session:${hash}`,
    /** Hash: a bulk task. */
    bulk: (task: string) => `${root}:bulk:${task}`,
    /** Set: the orders of a task's batch that it is done with. */
    bulkSeen: (task: string) => `${root}:bulk-seen:${task}`,
    /** There while a process works on the task: which. */
    bulkLease: (task: string) => `${root}:bulk-lease:${task}`,
    /** Set: tasks that run or are paused. */
    bulkOpen: `${root}:bulk-open`,
    /** Sorted set: tasks that have ended, by when they did. */
    bulkEnded: `${root}:bulk-ended`,
    /** String: there while it is tried what Redis lets us do; and a channel for the same. */
    accessCheck: `${root}:access-check`,
    accessChecked: channel('access-checked'),
    queuePrefix: root,
    queueName: 'orders',
    /** BullMQ's: the job of an order, and its lists and sets of jobs. */
    job: (id: string) => `${root}:orders:${id}`,
    /** BullMQ's: there while a worker has the job. */
    jobLock: (id: string) => `${root}:orders:${id}:lock`,
  };
}

/** The number of the database that a Redis URL names; 0 where it names none. */
export function databaseOf(redisUrl: string): number {
  return Number(new URL(redisUrl).pathname.slice(1));
}

/**
 * By what the files of a shop on the local disk are told from those of others: its key tag, with the database where that
 * is not the first.
 */
export function shopName(keyTag: string, redisUrl: string): string {
  const database = databaseOf(redisUrl);
  return database === 0 ? keyTag : `${keyTag}@${database}`;
}
