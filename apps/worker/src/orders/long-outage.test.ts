import { randomUUID } from 'node:crypto';
import { Breaker } from '@proofbox/factory/breaker';
import type { Delivery } from '@proofbox/factory/client';
import { RateLimiter, RetryBudget } from '@proofbox/factory/rate';
import {
  connectPatiently,
  createBreakerStore,
  createLedger,
  createNames,
  createOrderConsumer,
  createOrderQueue,
} from '@proofbox/ledger';
import { createLogger, createMetrics } from '@proofbox/runtime';
import { expect, inject, test } from 'vitest';
import { bakeOrder } from './bake-order.ts';
import { createEvents } from '../telemetry/events.ts';
import { expireOverdue } from '../maintenance/expire-overdue.ts';
import type { Factory } from '../factory/factory.ts';
import { createAdmission } from '../admission/admission.ts';
import type { WorkerContext } from './worker-context.ts';

// oxlint-disable-next-line node/no-process-env -- the same test, at the size that takes minutes
const { OUTAGE_ORDERS = '500', OUTAGE_WALL_SECONDS = '10' } = process.env;
const orders = Number(OUTAGE_ORDERS);
const outageMs = 24 * 3_600_000;
const concurrency = 32;

/** A clock on which, once started, the 24 hours of the outage pass within `wallMs`; before and after time runs as ever. */
function fastClock(wallMs: number) {
  const speed = outageMs / wallMs;
  let startedAt = Infinity;
  const now = (): number => {
    const elapsed = Math.max(0, Date.now() - startedAt);
    return Date.now() + Math.min(elapsed, wallMs) * (speed - 1);
  };
  return {
    now,
    start: () => void (startedAt = Date.now()),
    isOutage: () => Date.now() < startedAt + wallMs,
    toWall: (at: number) => Date.now() + (at - now()) / (Date.now() < startedAt + wallMs ? speed : 1),
  };
}

test(`an outage of 24 h with ${orders} orders waiting costs no dead letter and few calls, and then the oldest are baked first`, async () => {
  await using open = new AsyncDisposableStack();
  const onError = (error: Error): void => void process.stderr.write(`${error.message}\n`);
  const redis = connectPatiently({ url: inject('redisUrl'), onError });
  open.defer(() => redis.disconnect());
  const names = createNames(`test-${randomUUID()}`);
  const clock = fastClock(Number(OUTAGE_WALL_SECONDS) * 1_000);
  const ledger = createLedger({ redis, names, now: clock.now });
  const queue = open.use(createOrderQueue({ redis, names, onError }));
  const breakers = createBreakerStore({ redis, names, onError });

  let callsInOutage = 0;
  const bakedInOrder: string[] = [];
  async function deliver(request: { order: { id: string | number } }): Promise<Delivery> {
    if (clock.isOutage()) {
      callsInOutage += 1;
      return { replied: false, sent: false, code: 'ECONNREFUSED' };
    }
    bakedInOrder.push(String(request.order.id));
    return {
      replied: true,
      status: 200,
      headers: {},
      body: JSON.stringify({ jwt: String(request.order.id) }),
    };
  }
  const fleetPosition = () => ({ workers: 1, rank: 0 });
  const factory: Factory = {
    name: 'primary',
    apiKey: 'the-key',
    repeatable: true,
    client: { deliver, [Symbol.asyncDispose]: async () => {} },
    verifier: { verify: async (jwt) => ({ status: 'valid', payload: { order: { id: jwt } } }) },
    receiptMatch: 'id',
    rate: new RateLimiter({ maxRps: undefined, workers: () => 1, now: clock.now }),
    retryBudget: new RetryBudget(),
    breaker: new Breaker({
      factory: 'primary',
      store: breakers,
      worker: 'w',
      fleetPosition,
      concurrency,
      probeLeaseMs: 7_000_000,
      settings: 's',
      onThrottled: () => {},
      now: clock.now,
      random: Math.random,
      onError,
    }),
  };
  const events = createEvents(createLogger({ service: 'worker', level: 'silent' }), createMetrics());
  const context: WorkerContext = {
    ledger,
    factories: [factory],
    events,
    worker: 'w',
    timeoutMs: 2_000,
    probeTimeoutMs: 600,
    mayExpire: () => true,
    wantWitness: () => {},
    keeper: { keep: () => false, has: () => false, [Symbol.asyncDispose]: async () => {} },
    attemptsInHand: new Set(),
    onError,
    now: clock.now,
    random: Math.random,
  };

  const accepted: string[] = [];
  while (accepted.length < orders) {
    const batch = Array.from({ length: Math.min(200, orders - accepted.length) }, () => `pb-${randomUUID()}`);
    await Promise.all(batch.map((id) => ledger.accept(anOrder(id))));
    await queue.addAll(batch);
    accepted.push(...batch);
  }

  const consumer = createOrderConsumer({
    redis,
    names,
    onError,
    handle: async (id, signal) => {
      const decision = await bakeOrder(context, id, signal);
      if (decision.next !== 'later') return decision;
      return { ...decision, inMs: Math.max(0, clock.toWall(clock.now() + decision.inMs) - Date.now()) };
    },
  });
  open.defer(() => consumer.stop(1_000));
  const admission = open.use(
    createAdmission({
      factories: [factory],
      breakers,
      queuePause: { get: () => ({ isPaused: false }), watch: () => {} },
      concurrency,
      apply: (permits) => consumer.setLimit(permits),
      onReview: () => {},
      now: clock.now,
      after: (ms, callback) => setTimeout(callback, clock.toWall(clock.now() + ms) - Date.now()),
    }),
  );
  clock.start();
  admission.review();

  await expect
    .poll(
      async () => {
        await expireOverdue({ ledger, events, mayExpire: () => true });
        return (await ledger.stats()).counters.fulfilled;
      },
      { timeout: 570_000, interval: 250 },
    )
    .toBe(orders);
  expect((await ledger.stats()).counters).toMatchObject({ dead: 0, held: 0, queued: 0, baking: 0 });
  expect(callsInOutage).toBeGreaterThan(5);
  expect(callsInOutage).toBeLessThanOrEqual(3_600);
  expect(new Set(bakedInOrder).size).toBe(bakedInOrder.length);
  // The few that were probes come back when their back-off is over; the others keep the order they came in.
  const rank = new Map(accepted.map((id, place) => [id, place]));
  const tried = new Set<string>();
  for (const id of accepted) if ((await ledger.find(id))!.attempts.length > 1) tried.add(id);
  expect(tried.size).toBeLessThanOrEqual(callsInOutage);
  const places = bakedInOrder.filter((id) => !tried.has(id)).map((id) => rank.get(id)!);
  const furthestBack = Math.max(
    ...places.map((place, i) => Math.max(0, ...places.slice(Math.max(0, i - 200), i)) - place),
  );
  expect(furthestBack).toBeLessThanOrEqual(concurrency);
}, 600_000);

function anOrder(id: string) {
  return {
    id,
    fingerprint: id,
    source: 'frontend' as const,
    dinerId: '2',
    request: {
      diner: { id: 2 },
      order: { id, franchiseId: 1, storeId: '1', items: [{ menuId: 1, description: 'Veggie', price: 0.05 }] },
    },
    deadlineMs: 2 * outageMs,
  };
}
