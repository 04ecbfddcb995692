import type { Accepted, NewOrder } from '@proofbox/ledger';
import { Counter, Histogram, type Logger, type Registry } from '@proofbox/runtime';

export type Events = ReturnType<typeof createEvents>;

/** One function for each thing that happens at the counter: it writes the log line and moves the metrics together. */
export function createEvents(logger: Logger, registry: Registry) {
  const registers = [registry];
  const submissions = new Counter({
    name: 'proofbox_submissions_total',
    help: 'Orders posted: accepted, existing (a repeat), conflict (a reused key), not_durable',
    labelNames: ['verdict'],
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

  return {
    submitted(order: NewOrder, accepted: Accepted): void {
      submissions.inc({ verdict: accepted.verdict });
      logger.info(
        { orderId: accepted.id, dinerId: order.dinerId, source: order.source, verdict: accepted.verdict },
        'order submitted',
      );
    },
    notDurable(error: unknown): void {
      submissions.inc({ verdict: 'not_durable' });
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
  };
}
