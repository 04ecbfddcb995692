export { openLedger, type OpenLedger } from './open-ledger.ts';
export { Conflict, InvalidCursor, InvalidEdit, OrderTooLarge } from './errors.ts';

export {
  createLedger,
  type NewOrder,
  type Accepted,
  type Settlement,
  type Restored,
  type AttemptKey,
  type Begun,
  type Settled,
  type Changed,
  type Ledger,
} from './orders/ledger.ts';
export { createOrderEditor, type EditedReplay, type OrderEditor } from './orders/order-editor.ts';
export { UnreadableRecordError } from './orders/record-codec.ts';
export { settledAmong } from './orders/settled-among.ts';
export { createSettledNotifier, type SettledNotifier } from './orders/settled-notifier.ts';

export { readBacklog } from './queue/backlog.ts';
export { createOrderConsumer, type JobDecision } from './queue/order-consumer.ts';
export { createOrderQueue, type OrderQueue } from './queue/order-queue.ts';
export { enqueueReplayed, addAgain, addWhenFree } from './queue/enqueue-replayed.ts';
export { createWatchdog } from './queue/watchdog.ts';

export { createBreakerStore, type LedgerBreakerStore, type BreakerEntry } from './fleet/breaker-store.ts';
export { takeCanaryLease } from './fleet/canary-lease.ts';
export { createQueuePause, type QueuePause } from './queue/queue-pause.ts';
export { readFactoryFacts, noteCanaryBaked, type FactoryFacts } from './fleet/factory-facts.ts';
export { joinFleet, countWorkers, type Fleet } from './fleet/fleet.ts';
export { historyIntervalMs, createHistoryRecorder, readHistory, readLastSamples } from './fleet/history.ts';

export { isBalanced } from './reconcile/balance.ts';
export { createIndexCheck } from './reconcile/check-indexes.ts';
export {
  createReconciler,
  readReconcileResult,
  isClean,
  type ReconcileFindings,
  type ReconcileResult,
} from './reconcile/reconciler.ts';

export {
  watchDataset,
  acknowledgeLoss,
  readLoss,
  type DatasetLoss,
  type DatasetWatch,
  type SeenDataset,
} from './recovery/dataset-watch.ts';
export {
  reportRestore,
  readRestores,
  describeLoss,
  describeRestore,
  type RestoreProgress,
} from './recovery/restores.ts';

export { connectFailingFast, connectPatiently, connectSubscriber } from './redis/connections.ts';
export { defaultKeyTag, createNames, databaseOf, shopName, type Names } from './redis/names.ts';
export { createRedisClock } from './redis/redis-clock.ts';

export { databaseProblem } from './redis-health/database-check.ts';
export { redisObstacles, memoryUsedRatio, type RedisCondition } from './redis-health/redis-condition.ts';
export type { RedisFacts } from './redis-health/redis-facts.ts';
export { RedisAwayError, redisTroubleOf, isRedisTrouble } from './redis-health/redis-trouble.ts';
export { RedisWatch } from './redis-health/redis-watch.ts';
export { watchReplicas, type Replicas } from './redis-health/replicas.ts';
export { unfitReason } from './redis-health/unfit-reason.ts';
