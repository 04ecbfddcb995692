import { memoryUsedRatio, type NewOrder, type RedisCondition, type RedisFacts } from '@proofbox/ledger';
import { Counter, Gauge, Histogram, type Logger, type Registry } from '@proofbox/runtime';
import type { OutboxEvents } from '@proofbox/outbox';
import type { Taken } from '../intake/take-order.ts';

const deliveryStatuses = ['accepted', 'restored', 'settled', 'existing', 'conflict', 'failed'] as const;

export type Events = ReturnType<typeof createEvents>;

/** One function for each thing that happens at the counter: it writes the log line and moves the metrics together. */
export function createEvents(logger: Logger, registry: Registry) {
  const registers = [registry];
  const submissions = new Counter({
    name: 'proofbox_submissions_total',
    help: 'Orders posted: accepted, undelivered (on the local disk, because Redis was away), existing (a repeat), conflict (a key used for another order), not_durable (refused: it could not be kept safely).',
    labelNames: ['status'],
    registers,
  });
  const replies = new Counter({
    name: 'proofbox_order_replies_total',
    help: 'Replies to POST /api/order by status code.',
    labelNames: ['code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'proofbox_order_reply_seconds',
    help: 'Time from POST /api/order to its reply.',
    labelNames: ['code'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 5, 10],
    registers,
  });
  const deliveries = new Counter({
    name: 'proofbox_outbox_deliveries_total',
    help: 'Orders of the outbox given to Redis: accepted (they waited), restored (Redis had lost them), settled (Redis had an older state), existing, conflict (the key was used for another order), failed. The last two need an operator.',
    labelNames: ['status'],
    registers,
  });
  for (const status of deliveryStatuses) deliveries.inc({ status }, 0);
  const missed = new Counter({
    name: 'proofbox_outbox_missed_total',
    help: 'Orders that Redis took and that have no second copy, because the local disk did not take it.',
    registers,
  });
  let loggedLossAt: number | undefined;
  const memory = new Gauge({
    name: 'proofbox_redis_memory_used_ratio',
    help: 'How much of its maxmemory Redis uses, from 0 to 1; 0 where it has no limit. From 0.9 on, ingest takes no new orders.',
    registers,
  });

  const outbox: OutboxEvents = {
    flushed({ doubt, deliveries: given, broken }, left) {
      for (const { row, ...delivery } of given) {
        const [orderId, { status }] = [row.order.id, delivery];
        deliveries.inc({ status });
        if (delivery.status === 'failed')
          logger.warn({ orderId, err: delivery.error }, 'an order of the outbox could not be given to Redis');
        if (status === 'conflict')
          logger.error(
            { orderId },
            'Redis has another order under the key of one in the outbox, which was set aside: look into it',
          );
      }
      for (const { error } of broken)
        logger.error({ err: error }, 'an order of the outbox cannot be read and was set aside: look into it');
      if (!doubt) logger.info({ orders: given.length, left }, 'orders of the outbox were given to Redis');
    },
    flushFailed(error) {
      logger.warn({ err: error }, 'orders of the outbox could not be given to Redis; trying again');
    },
    tookOver(orders) {
      logger.info({ orders }, 'ingest took over the orders in the outbox of a process that is gone');
    },
    outboxTrouble(trouble) {
      if (trouble === undefined) logger.info('the outbox can be used again');
      else
        logger.error(
          { trouble },
          'ingest takes orders without a second copy on the local disk; if the disk is broken, it will take none while Redis is away',
        );
    },
    copiesMissed(orders) {
      missed.inc(orders);
    },
    outboxBroken(error) {
      logger.error({ err: error }, 'a file of the outbox cannot be used');
    },
    /** Logs only a change. */
    datasetSeen(loss) {
      if (loss?.noticedAt === loggedLossAt) return;
      loggedLossAt = loss?.noticedAt;
      if (loss)
        logger.fatal({ ...loss }, 'Redis came back with less than it had: accepted orders may be lost');
      else logger.warn('the loss of Redis was acknowledged');
    },
    restoreDone(progress) {
      logger.warn({ ...progress }, 'lost orders were restored from the outbox');
    },
  };

  return {
    ...outbox,
    submitted(order: NewOrder, taken: Taken): void {
      const status = taken.status === 'accepted' && taken.where === 'outbox' ? 'undelivered' : taken.status;
      submissions.inc({ status });
      const { dinerId, source } = order;
      logger.info({ orderId: taken.id, dinerId, source, status }, 'order submitted');
    },
    redisDidNotTake(orderId: string, error: unknown): void {
      logger.warn({ orderId, err: error }, 'Redis did not take an order in time; the outbox takes it');
    },
    redisCondition(condition: RedisCondition): void {
      if (condition.state === 'fit') logger.info('Redis takes orders and keeps them');
      else if (condition.state === 'unfit')
        logger.error(`Redis is unfit, and ingest takes no orders: ${condition.reasons.join(' ')}`);
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
        'an order was accepted, but the next step failed; the workers will find the order',
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
