import {
  memoryUsedRatio,
  type DatasetLoss,
  type NewOrder,
  type RedisCondition,
  type RedisFacts,
  type Restored,
  type RestoreProgress,
} from '@proofbox/ledger';
import { Counter, Gauge, Histogram, type Logger, type Registry } from '@proofbox/runtime';
import type { Taken } from '../intake/take-order.ts';

const putBackStatuses = ['restored', 'settled', 'existing', 'conflict', 'failed'] as const;

export type Events = ReturnType<typeof createEvents>;

/** One function for each thing that happens at the counter: it writes the log line and moves the metrics together. */
export function createEvents(logger: Logger, registry: Registry) {
  const registers = [registry];
  const submissions = new Counter({
    name: 'proofbox_submissions_total',
    help: 'Orders posted: accepted, spooled (Redis was away), existing (a repeat), conflict (a reused key), not_durable',
    labelNames: ['status'],
    registers,
  });
  const replies = new Counter({
    name: 'proofbox_order_replies_total',
    help: 'Replies to POST /api/order by status code',
    labelNames: ['code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'proofbox_order_reply_seconds',
    help: 'From the POST to its reply',
    labelNames: ['code'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 5, 10],
    registers,
  });
  const flushes = new Counter({
    name: 'proofbox_spool_flushed_total',
    help: 'Spooled orders that Redis has taken since',
    registers,
  });
  const missed = new Counter({
    name: 'proofbox_journal_missed_total',
    help: 'Orders that were taken and are not in the journal, because the local disk did not take them',
    registers,
  });
  const putBack = new Counter({
    name: 'proofbox_journal_restored_total',
    help: 'Journaled orders that Redis had lost: restored, settled (it had an older state), existing, conflict, failed',
    labelNames: ['status'],
    registers,
  });
  for (const status of putBackStatuses) putBack.inc({ status }, 0);
  let toldLossAt: number | undefined;
  const memory = new Gauge({
    name: 'proofbox_redis_memory_used_ratio',
    help: 'How much of its maxmemory Redis uses, from 0 to 1; 0 where it has no limit. From 0.9 no new orders are taken',
    registers,
  });

  return {
    submitted(order: NewOrder, taken: Taken): void {
      const status = taken.status === 'accepted' && taken.where === 'spool' ? 'spooled' : taken.status;
      submissions.inc({ status });
      const { dinerId, source } = order;
      logger.info({ orderId: taken.id, dinerId, source, status }, 'order submitted');
    },
    redisDidNotTake(orderId: string, error: unknown): void {
      logger.warn({ orderId, err: error }, 'Redis did not take an order in time; the local spool does');
    },
    flushed(orders: number, left: number): void {
      flushes.inc(orders);
      logger.info({ orders, left }, 'spooled orders are in Redis now');
    },
    adopted(orders: number): void {
      logger.info({ orders }, 'orders in the spool of a process that is gone were taken over');
    },
    parked(orderId: string, why: string): void {
      logger.error(
        { orderId, why },
        'a spooled order cannot be given to Redis and was set aside: look into it',
      );
    },
    flushFailed(error: unknown): void {
      logger.warn({ err: error }, 'spooled orders could not be given to Redis; trying again');
    },
    spoolTrouble(trouble: string | undefined): void {
      if (trouble === undefined) logger.info('the spool can be used again');
      else
        logger.error({ trouble }, 'the spool cannot be used: while Redis is away no orders would be taken');
    },
    journalTrouble(trouble: string | undefined): void {
      if (trouble === undefined) logger.info('the journal can be used again');
      else logger.error({ trouble }, 'orders are taken without a second copy on the local disk');
    },
    journalMissed(orders: number): void {
      missed.inc(orders);
    },
    journalBroken(error: unknown): void {
      logger.error({ err: error }, 'a journal cannot be used; its orders are not put back');
    },
    /** Only a change is told. */
    datasetSeen(loss: DatasetLoss | undefined): void {
      if (loss?.noticedAt === toldLossAt) return;
      toldLossAt = loss?.noticedAt;
      if (loss)
        logger.fatal({ ...loss }, 'Redis came back with less than it had: accepted orders may be lost');
      else logger.warn('the loss of Redis was acknowledged');
    },
    putBack(status: Restored | 'failed'): void {
      putBack.inc({ status });
    },
    notPutBack(orderId: string, error: unknown): void {
      logger.error({ orderId, err: error }, 'an order of the journal could not be put back: look into it');
    },
    restoreFailed(error: unknown): void {
      logger.warn({ err: error }, 'orders of the journal could not be put back; trying again');
    },
    restoreDone(progress: RestoreProgress): void {
      logger.warn({ ...progress }, 'lost orders were put back from the journal');
    },
    redisCondition(condition: RedisCondition): void {
      if (condition.state === 'fit') logger.info('Redis takes orders and keeps them');
      else if (condition.state === 'unfit')
        logger.error(`Redis is unfit, and no orders are taken: ${condition.reasons.join(' ')}`);
      else logger.warn(condition, `Redis is ${condition.state}`);
    },
    redisFacts(facts: RedisFacts): void {
      memory.set(memoryUsedRatio(facts));
    },
    notDurable(error: unknown): void {
      submissions.inc({ status: 'not_durable' });
      logger.error({ err: error }, 'an order could not be made durable and was refused');
    },
    afterAcceptFailed(orderId: string, error: unknown): void {
      logger.warn(
        { orderId, err: error },
        'an accepted order could not be followed; the workers will find it',
      );
    },
    replied(code: number, durationMs: number): void {
      replies.inc({ code });
      seconds.observe({ code }, durationMs / 1_000);
    },
    redisTrouble(error: Error): void {
      logger.warn({ err: error }, 'redis');
    },

    factoryKeysTrouble(error: Error): void {
      logger.warn({ err: error }, 'the keys of a factory could not be kept on the disk');
    },
  };
}
