/**
 * Every key, channel and queue name in Redis, in one place. All share one hash tag, so that scripts that touch
 * several keys are legal on Redis Cluster; sharding will one day put a number into that tag.
 */
export type Names = ReturnType<typeof createNames>;

export const defaultKeyTag = 'proofbox';

/** @param database the number of the database, as `databaseOf` reads it out of REDIS_URL */
export function createNames(keyTag: string, database = 0) {
  const root = `{${keyTag}}`;
  /** Keys live in one database, but a channel reaches all of them. */
  const channel = (name: string) => `${root}:${name}@${database}`;
  return {
    /** The prefix of everything; scripts build index names from it as this file does. */
    root,
    /**
     * Hash: the record of an order: state, request, fingerprint, times, deadline, receipt, and a field for each attempt.
     */
    order: (id: string) => `${root}:order:${id}`,
    /** String, expires: the order of a submission without a key, for `DOUBLE_CLICK_MS`. */
    doubleClick: (fingerprint: string) => `${root}:double-click:${fingerprint}`,
    /** Sorted set: all orders by age. */
    byTime: `${root}:by-time`,
    /** Sorted set: orders in this state; pending ones by age, the others by when they were settled. */
    byState: (state: string) => `${root}:by-state:${state}`,
    /** Sorted set: dead and held orders with this reason, by when they were settled. */
    byReason: (reason: string) => `${root}:by-reason:${reason}`,
    /** Sorted set: all orders of a diner, by age. */
    byDiner: (dinerId: string) => `${root}:by-diner:${dinerId}`,
    /**
     * Sorted set: dead and held orders by the factory of the last attempt, by when they were settled.
     */
    deadByFactory: (factory: string) => `${root}:dead-by-factory:${factory}`,
    /** Sorted set: the same by store. */
    deadByStore: (storeId: string) => `${root}:dead-by-store:${storeId}`,
    /** Sorted set: the same by diner. */
    deadByDiner: (dinerId: string) => `${root}:dead-by-diner:${dinerId}`,
    /** Sorted set: the same by what the error of the last attempt looks like. */
    deadByError: (group: string) => `${root}:dead-by-error:${group}`,
    /** Hash: what the errors of each group look like. */
    errorGroups: `${root}:error-groups`,
    /** Sorted set: pending orders by their deadline. */
    byDeadline: `${root}:by-deadline`,
    /**
     * List: what an order said before each edit; five values each: when, who, why, the store and the request.
     */
    edits: (id: string) => `${root}:edits:${id}`,
    /** Hash: how many orders are in each state, how many were ever accepted, and how many receipts came late. */
    counters: `${root}:counters`,
    /** Stream: the audit log: what people did, when, who, what, to which, why; and what came of it. */
    audit: `${root}:audit`,
    /** List: where in the audit log the entries about an order, a factory or a task are, oldest first. */
    auditOf: (subject: string) => `${root}:audit-of:${subject}`,
    /** Channel: the id of each order that was just settled. It only wakes; the ledger is asked. */
    settled: channel('settled'),
    /** Hash: the state of each factory's breaker, and its version. */
    breakers: `${root}:breakers`,
    /** Channel: each state of a breaker that was just changed. */
    breakersChanged: channel('breakers-changed'),
    /** Hash: whether an operator has paused the queue, who, when and why. */
    queuePause: `${root}:queue-pause`,
    /** Channel: the queue was just paused or resumed. It only wakes; the key is read. */
    queuePauseChanged: channel('queue-pause-changed'),
    /** Sorted set: living workers by their last heartbeat. One that is silent for 5 s is gone. */
    workers: `${root}:workers`,
    /** String, expires: there while the reconciler has had its run of the interval. */
    reconcileLease: `${root}:reconcile-lease`,
    /** Hash: where each of the reconciler's walks goes on. */
    reconcileCursors: `${root}:reconcile-cursors`,
    /** String: what the reconciler's last run found, as JSON. */
    reconcileResult: `${root}:reconcile-result`,
    /** Hash: by what this dataset is known again, and whether it was found to have lost something. */
    dataset: `${root}:dataset`,
    /** Hash: how far each ingest has restored what Redis had lost, until the loss is acknowledged. */
    restores: `${root}:restores`,
    /** Stream: a sample of the whole shop each 10 s, for two days. */
    history: `${root}:history`,
    /** String, expires: there while the fleet has taken its sample of the interval. */
    historyLease: `${root}:history-lease`,
    /**
     * Hash: when a factory last fulfilled an order, when it last baked anything (a canary, too) and which, how long it takes on average, and the share that fails of orders that are new to it.
     */
    factory: (name: string) => `${root}:factory:${name}`,
    /** String, expires: there while a factory has had its canary order of the interval for this purpose. */
    canaryLease: (factory: string, purpose: string) => `${root}:canary-lease:${factory}:${purpose}`,
    /**
     * String, expires: a browser that is signed in at the admin server, by a hash of its cookie: who, and what had let them in.
     */
    adminSession: (hash: string) => `${root}:admin-session:${hash}`,
    /**
     * Hash, expires: a bulk task: target, state, cursor, counts. Kept for 30 days after its end, the last hundred at most.
     */
    bulk: (task: string) => `${root}:bulk:${task}`,
    /** Set: the orders of a task's batch that it is done with. */
    bulkSeen: (task: string) => `${root}:bulk-seen:${task}`,
    /** String, expires: which process works on the task. */
    bulkLease: (task: string) => `${root}:bulk-lease:${task}`,
    /** Set: tasks that run or are paused. */
    bulkOpen: `${root}:bulk-open`,
    /** Sorted set: tasks that have ended, by when they did. */
    bulkEnded: `${root}:bulk-ended`,
    /** String: there while a process tries what Redis lets it do. */
    accessCheck: `${root}:access-check`,
    /** Channel: a message while a process tries what Redis lets it do. */
    accessChecked: channel('access-checked'),
    queuePrefix: root,
    queueName: 'orders',
    /** BullMQ: the job of an order; the queue's lists and sets of jobs have names with the same beginning. */
    job: (id: string) => `${root}:orders:${id}`,
    /** BullMQ: there while a worker has the job. */
    jobLock: (id: string) => `${root}:orders:${id}:lock`,
  };
}

/** The number of the database that a Redis URL names; 0 where it names none. */
export function databaseOf(redisUrl: string): number {
  return Number(new URL(redisUrl).pathname.slice(1));
}

/**
 * What distinguishes the files of a shop on the local disk from those of others: its key tag, with the database where that
 * is not the first.
 */
export function shopName(keyTag: string, redisUrl: string): string {
  const database = databaseOf(redisUrl);
  return database === 0 ? keyTag : `${keyTag}@${database}`;
}
