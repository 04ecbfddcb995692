import type { FactoryName } from '@proofbox/contract';
import { Breaker, type BreakerStore } from '@proofbox/factory/breaker';
import { RateLimiter, RetryBudget } from '@proofbox/factory/rate';
import type { Names } from '@proofbox/ledger';
import {
  bakeOrder,
  createAdmission,
  sendDueCanaries,
  sendWitness,
  type Factory,
  type WorkerContext,
} from '@proofbox/worker/policies';
import { createDice } from '../../support/seeded-random.ts';
import type { SimFactory } from './sim-factory.ts';
import type { SimLedger } from './sim-ledger.ts';
import type { SimQueue } from './sim-queue.ts';
import type { SimRedis } from './sim-redis.ts';
import type { VirtualTime } from './virtual-time.ts';

/** As the worker's settings have them by default. */
const concurrency = 100;
const timeoutMs = 2_000;
const probeTimeoutMs = 600;
const probeLeaseMs = timeoutMs + 5_000;
/** To fetch a job takes a round trip to Redis. */
const fetchMs = 1;
const lookMs = 1_000;

/** What the workers of one fleet share. */
export type SimFleet = {
  time: VirtualTime;
  seed: number;
  workers: number;
  store: BreakerStore;
  ledger: SimLedger;
  queue: SimQueue;
  redis: SimRedis;
  names: Names;
  factories: ReadonlyMap<FactoryName, SimFactory>;
  /** 0: no canaries. */
  canaryIntervalMs: number;
  /** A policy broke. */
  onError: (error: Error) => void;
};

/** Starts one worker of the fleet: the real policies, in simulated time. */
export function startSimWorker(fleet: SimFleet, rank: number): void {
  const { time, seed, workers, store, ledger, queue, redis, names, onError, canaryIntervalMs } = fleet;
  const { now, sleep, after } = time;
  const worker = `worker-${rank + 1}`;
  const dice = createDice(seed * 100 + rank);
  const random = (): number => dice.next();
  const signal = new AbortController().signal;
  const fleetPosition = () => ({ workers, rank });

  const factories = [...fleet.factories].map(([name, { client, verifier }]): Factory => {
    const rate = new RateLimiter({ maxRps: undefined, workers: () => workers, now, sleep });
    return {
      name,
      repeatable: true,
      apiKey: 'the-key',
      client,
      verifier,
      receiptMatch: 'id',
      rate,
      retryBudget: new RetryBudget(),
      breaker: new Breaker({
        factory: name,
        store,
        worker,
        fleetPosition,
        concurrency,
        probeLeaseMs,
        settings: 'the settings',
        onThrottled: () => rate.throttled(),
        now,
        random,
        onError,
      }),
    };
  });

  const canaries = {
    redis: redis.asRedis(),
    names,
    events: { canaryEnded: () => {} },
    timeoutMs,
    now,
    signal,
  };
  const context: WorkerContext = {
    ledger: ledger.port,
    factories,
    events: {
      attemptEnded: () => {},
      attemptInterrupted: () => {},
      deadLettered: () => {},
      orderMissing: () => {},
      orderRefused: () => {},
    },
    worker,
    timeoutMs,
    probeTimeoutMs,
    mayExpire: () => true,
    wantWitness(name) {
      if (canaryIntervalMs === 0) return;
      sendWitness(
        factories.find((factory) => factory.name === name)!,
        canaries,
      ).catch(onError);
    },
    // The simulated ledger takes every answer at once.
    keeper: { keep: () => false, has: () => false, [Symbol.asyncDispose]: async () => {} },
    attemptsInHand: new Set(),
    onError,
    now,
    random,
  };

  let permits = 0;
  let inHand = 0;
  let isFetching = false;

  async function handle(id: string): Promise<void> {
    const decision = await bakeOrder(context, id, signal);
    inHand -= 1;
    if (decision.next === 'later') queue.addLater(id, decision.inMs);
    if (decision.next === 'back') queue.giveBack(id);
    fetch();
  }

  function fetch(): void {
    if (isFetching || inHand >= permits || queue.isEmpty) return;
    isFetching = true;
    after(fetchMs, () => {
      isFetching = false;
      const id = queue.take();
      if (id === undefined) return;
      inHand += 1;
      handle(id).catch(onError);
      fetch();
    });
  }

  async function lookWithCanaries(): Promise<void> {
    after(lookMs, () => void lookWithCanaries().catch(onError));
    await sendDueCanaries({ ...canaries, factories, intervalMs: canaryIntervalMs });
  }

  queue.watch(fetch);
  const admission = createAdmission({
    factories,
    breakers: store,
    queuePause: { get: () => ({ isPaused: false }), watch: () => {} },
    concurrency,
    apply(places) {
      permits = places;
      fetch();
    },
    onReview: () => {},
    now,
    after,
  });
  admission.review();
  // As each worker does, in case it missed the news.
  const reviewEachSecond = (): void => {
    admission.review();
    after(lookMs, reviewEachSecond);
  };
  after(lookMs, reviewEachSecond);
  if (rank === 0 && canaryIntervalMs > 0) lookWithCanaries().catch(onError);
}
