import { randomUUID } from 'node:crypto';
import type { FactoryName, OrderRecord } from '@proofbox/contract';
import { createMemoryBreakerStore, type MemoryBreakerStore } from '@proofbox/factory/breaker';
import { testBreaker } from '@proofbox/factory/testing';
import type { Delivery } from '@proofbox/factory/client';
import { RateLimiter, RetryBudget } from '@proofbox/factory/rate';
import { connectPatiently, createLedger, createNames, type Ledger } from '@proofbox/ledger';
import { createLogger, createMetrics } from '@proofbox/runtime';
import { inject, onTestFinished } from 'vitest';
import { bakeOrder } from './orders/bake-order.ts';
import { createEvents } from './telemetry/events.ts';
import type { Factory } from './factory/factory.ts';
import type { WorkerContext } from './orders/worker-context.ts';

/** How a factory answers an order: with this status, or not at all. 200 brings a receipt. */
type Answer = (orderId: string) => number | 'silent' | 'refused';
export type TestFactory = { answer: Answer; repeatable?: boolean };

const callMs = 20;
const timeoutMs = 2_000;

/**
 * A worker on the run's Redis that works on one order after the other, on a clock that only its calls and its waiting move.
 * What decides is as it is in a worker, also the breakers and the rates; the factories answer as the test has them.
 */
export function aWorker(
  factories: Partial<Record<FactoryName, TestFactory>>,
  changes: Partial<WorkerContext> = {},
) {
  const redis = connectPatiently({ url: inject('redisUrl'), onError: noteError });
  onTestFinished(() => redis.disconnect());
  const names = createNames(`test-${randomUUID()}`);
  const clock = { now: Date.UTC(2026, 10, 23, 14) };
  const now = (): number => clock.now;
  const ledger = createLedger({ redis, names, now });
  const store = createMemoryBreakerStore();
  const calls: { factory: FactoryName; orderId: string; at: number }[] = [];
  const witnesses: FactoryName[] = [];
  const built = Object.entries(factories).map(([name, wanted]) =>
    aFactory(name as FactoryName, { ...wanted, clock, store, calls }),
  );
  const context: WorkerContext = {
    ledger,
    factories: built,
    events: createEvents(createLogger({ service: 'worker', level: 'silent' }), createMetrics()),
    worker: 'w',
    timeoutMs,
    probeTimeoutMs: 600,
    mayExpire: () => true,
    wantWitness: (factory) => void witnesses.push(factory),
    keeper: { keep: () => false, has: () => false, [Symbol.asyncDispose]: async () => {} },
    attemptsInHand: new Set(),
    onError: noteError,
    now,
    random: seededRandom(),
    ...changes,
  };
  return {
    context,
    ledger,
    redis,
    names,
    clock,
    store,
    calls,
    witnesses,
    breaker: (name: FactoryName) => built.find((each) => each.name === name)!.breaker,
    accept: () => acceptOrder(ledger),
    bake: (id: string) => bakeOrder(context, id, new AbortController().signal),
    run: (arrivals: readonly Arrival[], until?: number) => run(context, { clock, arrivals, until }),
    orders: (ids: readonly string[]) => Promise.all(ids.map((id) => ledger.find(id) as Promise<OrderRecord>)),
  };
}

export type Arrival = { at: number; id: string };

/**
 * Has the worker do what its queue brings, one order at a time: as they arrive, again when their wait is over, and none
 * while no factory takes any; until every one of them is settled or the time is up.
 */
async function run(
  context: WorkerContext,
  {
    clock,
    arrivals,
    until = Infinity,
  }: { clock: { now: number }; arrivals: readonly Arrival[]; until?: number | undefined },
): Promise<void> {
  const delayed = [...arrivals];
  const queue: string[] = [];
  while (clock.now <= until) {
    delayed.sort((a, b) => a.at - b.at);
    while (delayed[0] && delayed[0].at <= clock.now) queue.push(delayed.shift()!.id);
    const openAt = Math.min(...context.factories.map(({ breaker }) => breaker.availableAt));
    if (openAt > clock.now || queue.length === 0) {
      const nextAt = Math.min(delayed[0]?.at ?? Infinity, queue.length > 0 ? openAt : Infinity);
      if (nextAt > until || nextAt === Infinity) return;
      clock.now = nextAt;
      continue;
    }
    const id = queue.shift()!;
    const decision = await bakeOrder(context, id, new AbortController().signal);
    if (decision.next === 'later') delayed.push({ id, at: clock.now + decision.inMs });
    if (decision.next === 'back') delayed.push({ id, at: clock.now + 1 });
  }
}

function aFactory(
  name: FactoryName,
  wanted: TestFactory & {
    clock: { now: number };
    store: MemoryBreakerStore;
    calls: { factory: FactoryName; orderId: string; at: number }[];
  },
): Factory {
  const { answer, repeatable = true, clock, store, calls } = wanted;
  const now = (): number => clock.now;
  const rate = new RateLimiter({
    maxRps: undefined,
    workers: () => 1,
    now,
    sleep: async (ms) => void (clock.now += ms),
  });
  async function deliver({ order }: { order: { id: string | number } }): Promise<Delivery> {
    const orderId = String(order.id);
    calls.push({ factory: name, orderId, at: clock.now });
    const status = answer(orderId);
    clock.now += status === 'silent' ? timeoutMs : callMs;
    if (status === 'silent') return { replied: false, sent: true, code: 'ETIMEDOUT' };
    if (status === 'refused') return { replied: false, sent: false, code: 'ECONNREFUSED' };
    const body = JSON.stringify(status === 200 ? { jwt: orderId } : { message: `that makes ${status}` });
    return { replied: true, status, headers: {}, body };
  }
  return {
    name,
    apiKey: 'the-key',
    repeatable,
    client: { deliver, [Symbol.asyncDispose]: async () => {} },
    verifier: { verify: async (jwt) => ({ status: 'valid', payload: { order: { id: jwt } } }) },
    receiptMatch: 'id',
    rate,
    retryBudget: new RetryBudget(),
    breaker: testBreaker({
      factory: name,
      store,
      concurrency: 32,
      onThrottled: () => rate.throttled(),
      now,
      random: seededRandom(),
      onError: noteError,
    }),
  };
}

async function acceptOrder(ledger: Ledger): Promise<string> {
  const id = `pb-${randomUUID()}`;
  const items = [{ menuId: 1, description: 'Veggie', price: 0.05 }];
  const request = { diner: { id: 2 }, order: { id, franchiseId: 1, storeId: '1', items } };
  await ledger.accept({
    id,
    fingerprint: id,
    source: 'frontend',
    dinerId: '2',
    request,
    deadlineMs: 86_400_000,
  });
  return id;
}

/** The same numbers in [0, 1) each time, evenly spread. */
export function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function noteError(error: Error): void {
  process.stderr.write(`${error.message}\n`);
}
