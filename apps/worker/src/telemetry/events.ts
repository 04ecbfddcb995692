import {
  outcomeKinds,
  totalOf,
  type FactoryCondition,
  type FactoryName,
  type OrderRecord,
  type Outcome,
  type DeadLetterReason,
} from '@proofbox/contract';
import type { QueuePauseView } from '@proofbox/contract/admin';
import type { HealthAnswer } from '@proofbox/factory/client';
import type { RedisCondition } from '@proofbox/ledger';
import { Counter, Gauge, Histogram, type Logger, type Registry } from '@proofbox/runtime';
import { createFactoryGauges } from './factory-gauges.ts';
import { signOfOutcome, signOfCondition } from './factory-signs.ts';

export type AttemptEnded = {
  order: OrderRecord;
  n: number;
  factory: FactoryName;
  probe: boolean;
  outcome: Outcome;
  durationMs: number;
  /** What the ledger made of it: fulfilled, late, pending, superseded or missing. */
  status: string;
  countedFailures: number;
};

export type CanaryEnded = {
  canaryId: string;
  factory: FactoryName;
  probe: boolean;
  outcome: Outcome;
  durationMs: number;
};

export type Events = ReturnType<typeof createEvents>;

/**
 * One function for each thing that happens to orders: it writes the log line and moves the metrics together.
 * @param now the clock of Redis, which orders' times are of
 */
export function createEvents(logger: Logger, registry: Registry, now: () => number = Date.now) {
  const registers = [registry];
  const attempts = new Counter({
    name: 'proofbox_attempts_total',
    help: 'Calls to factories by how they ended.',
    labelNames: ['factory', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'pizza_creation_failures_total',
    help: 'Calls to factories that brought no pizza, by how they ended.',
    labelNames: ['factory', 'outcome'],
    registers,
  });
  const sold = new Counter({ name: 'pizzas_sold_total', help: 'Pizzas in fulfilled orders.', registers });
  const revenue = new Counter({
    name: 'pizza_revenue_total',
    help: 'Sum of the prices in fulfilled orders.',
    registers,
  });
  const latency = new Histogram({
    name: 'pizza_creation_latency_ms',
    help: 'How long calls to factories took, in milliseconds.',
    labelNames: ['factory', 'outcome'],
    buckets: [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
    registers,
  });
  const waited = new Histogram({
    name: 'proofbox_order_wait_seconds',
    help: 'Time from accepted to fulfilled.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 28_800],
    registers,
  });
  const deadLetters = new Counter({
    name: 'proofbox_dead_letters_total',
    help: 'Orders that became dead or held. Each of them needs an operator.',
    labelNames: ['state', 'reason'],
    registers,
  });
  const late = new Counter({
    name: 'proofbox_late_receipts_total',
    help: 'Receipts that came after the order was fulfilled or discarded; the worker ignores them.',
    registers,
  });
  const orphans = new Counter({
    name: 'proofbox_orders_requeued_total',
    help: 'Orders that had lost their job and got it back. More than a few mean that the queue was lost.',
    registers,
  });
  const canaries = new Counter({
    name: 'proofbox_canaries_total',
    help: 'Canary orders by how they ended. They are in no other count.',
    labelNames: ['factory', 'outcome'],
    registers,
  });
  const healthLatency = new Histogram({
    name: 'pizza_factory_health_latency_ms',
    help: 'How long the health pages of factories took, in milliseconds.',
    labelNames: ['factory'],
    buckets: [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000],
    registers,
  });
  const paused = new Gauge({
    name: 'proofbox_queue_paused',
    help: '1 while an operator has paused the queue.',
    registers,
  });
  const gauges = createFactoryGauges(registry, now);
  let wasPaused = false;
  const lastState = new Map<FactoryName, FactoryCondition>();
  const lastPage = new Map<FactoryName, string>();

  /** @param good undefined: nothing can be said */
  function noteOrderSign(factory: FactoryName, good: boolean | undefined): void {
    if (good === undefined) return;
    const at = now();
    gauges.noted(factory, 'order', { good, at });
  }

  return {
    /** From now on its series exist, also before anything happens to it. */
    factoryConfigured(factory: FactoryName): void {
      gauges.add(factory);
      healthLatency.zero({ factory });
      for (const outcome of outcomeKinds) {
        attempts.inc({ factory, outcome }, 0);
        canaries.inc({ factory, outcome }, 0);
        latency.zero({ factory, outcome });
        if (outcome !== 'fulfilled') failures.inc({ factory, outcome }, 0);
      }
    },

    attemptEnded(event: AttemptEnded): void {
      const { order, factory, outcome, durationMs } = event;
      attempts.inc({ factory, outcome: outcome.kind });
      latency.observe({ factory, outcome: outcome.kind }, durationMs);
      if (outcome.kind === 'fulfilled') gauges.baked(factory, now());
      else failures.inc({ factory, outcome: outcome.kind });
      noteOrderSign(factory, signOfOutcome(outcome.kind));
      if (event.status === 'late') late.inc();
      if (event.status === 'fulfilled') {
        const { items } = order.request.order;
        sold.inc(items.length);
        revenue.inc(totalOf(items));
        waited.observe(Math.max(0, now() - Math.max(0, order.acceptedAt)) / 1_000);
      }
      logger[levelOf(outcome)](
        {
          orderId: order.id,
          dinerId: order.dinerId,
          attempt: event.n,
          factory,
          probe: event.probe,
          outcome: outcome.kind,
          status: outcome.status,
          detail: 'detail' in outcome ? outcome.detail : undefined,
          endChaosLink: outcome.endChaosLink,
          durationMs,
          ageMs: now() - order.acceptedAt,
          settled: event.status,
          countedFailures: event.countedFailures,
        },
        'attempt',
      );
    },

    attemptInterrupted(
      order: OrderRecord,
      attempt: { n: number; factory: FactoryName; worker: string },
    ): void {
      attempts.inc({ factory: attempt.factory, outcome: 'unknown' });
      failures.inc({ factory: attempt.factory, outcome: 'unknown' });
      logger.warn(
        { orderId: order.id, attempt: attempt.n, factory: attempt.factory, lostWorker: attempt.worker },
        'attempt interrupted',
      );
    },

    deadLettered(orderId: string, state: 'dead' | 'held', reason: DeadLetterReason): void {
      deadLetters.inc({ state, reason });
      logger.error({ orderId, state, reason }, 'dead letter');
    },

    /** The order waits until it is known whether it is wrong or the factory. */
    orderRefused(orderId: string, factory: FactoryName): void {
      logger.warn(
        { orderId, factory },
        'a factory refused an order; the workers try it again until the factory has baked another one',
      );
    },

    /** Its factory has answered, and the ledger does not have it: the order may be tried again. */
    receiptsKept(orderIds: string[]): void {
      logger.warn({ orderIds }, 'receipts that Redis did not take are kept on the local disk');
    },

    keptReceiptsDelivered(orderIds: string[]): void {
      logger.info({ orderIds }, 'receipts that a worker had kept on the local disk are in the ledger');
    },

    outcomesGivenUp(orderIds: string[]): void {
      logger.error({ orderIds }, 'the answer of a factory could not be checked or stored');
    },

    orderMissing(orderId: string): void {
      logger.error({ orderId }, 'a job without an order in the ledger');
    },

    orphansRequeued(orderIds: string[]): void {
      if (orderIds.length === 0) return;
      orphans.inc(orderIds.length);
      logger.warn(
        { orders: orderIds.length, first: orderIds.slice(0, 10) },
        'orders had lost their job and got it back',
      );
    },

    /** Safe to call often: only a change is logged. */
    factorySeen(factory: FactoryName, state: FactoryCondition): void {
      const before = lastState.get(factory);
      if (before === state) return;
      lastState.set(factory, state);
      gauges.show(factory, state);
      noteOrderSign(factory, signOfCondition(before, state));
      if (before !== undefined) logger.warn({ factory, from: before, to: state }, 'breaker changed');
    },

    /** By way of any worker. @param at ms since the epoch; 0 for never */
    lastFulfilledSeen(factory: FactoryName, at: number): void {
      if (at === 0) return;
      gauges.baked(factory, at);
      gauges.noted(factory, 'order', { good: true, at });
    },

    canaryEnded({ canaryId, factory, probe, outcome, durationMs }: CanaryEnded): void {
      canaries.inc({ factory, outcome: outcome.kind });
      if (outcome.kind === 'fulfilled') gauges.baked(factory, now());
      noteOrderSign(factory, signOfOutcome(outcome.kind));
      logger[levelOf(outcome)](
        {
          canaryId,
          factory,
          probe,
          outcome: outcome.kind,
          status: outcome.status,
          detail: 'detail' in outcome ? outcome.detail : undefined,
          endChaosLink: outcome.endChaosLink,
          durationMs,
        },
        'canary',
      );
    },

    /** Only a change is logged. */
    healthPageSeen(factory: FactoryName, { good, detail, durationMs }: HealthAnswer): void {
      healthLatency.observe({ factory }, durationMs);
      if (good !== undefined) gauges.noted(factory, 'page', { good, at: now() });
      if (lastPage.get(factory) === detail) return;
      lastPage.set(factory, detail);
      logger[good ? 'info' : 'warn']({ factory, detail, durationMs }, 'health page');
    },

    /** Safe to call often: only a change is logged. */
    pauseSeen({ isPaused, by, at, why }: QueuePauseView): void {
      if (wasPaused === isPaused) return;
      wasPaused = isPaused;
      paused.set(isPaused ? 1 : 0);
      logger.warn({ by, at, why }, isPaused ? 'queue paused' : 'queue resumed');
    },

    redisCondition(condition: RedisCondition): void {
      if (condition.state === 'unfit') logger.error(`Redis is unfit: ${condition.reasons.join(' ')}`);
      else logger.info(condition, `Redis is ${condition.state}`);
    },
    redisTrouble(error: Error): void {
      logger.warn({ err: error }, 'redis');
    },

    factoryKeysTrouble(error: Error): void {
      logger.warn({ err: error }, 'the keys of a factory could not be kept on the disk');
    },
  };
}

/** A receipt of another order may be in the hands of another diner: that wants a person. */
function levelOf({ kind }: Outcome): 'info' | 'warn' | 'error' {
  if (kind === 'fulfilled') return 'info';
  return kind === 'receipt_mismatch' ? 'error' : 'warn';
}
