import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connectPatiently,
  connectSubscriber,
  createAuditor,
  createDrainSwitch,
  createHistoryRecorder,
  createLedger,
  createNames,
  createOrderConsumer,
  createOrderQueue,
  createBreakerStore,
  createRedisClock,
  databaseOf,
  databaseProblem,
  createWatchdog,
  historyIntervalMs,
  joinFleet,
  lossInWords,
  readBacklog,
  readRestores,
  redisObstacles,
  RedisWatch,
  type RestoreProgress,
  readFactoryFacts,
  watchDataset,
} from '@proofbox/ledger';
import {
  createHttpServer,
  createMetrics,
  every,
  listen,
  registerBacklogGauges,
  registerDatasetGauge,
  sparingly,
  watchClock,
  StartError,
  type Logger,
} from '@proofbox/runtime';
import { createAuditEvents } from './telemetry/audit-events.ts';
import { bakeOrder } from './orders/bake-order.ts';
import type { WorkerContext } from './orders/worker-context.ts';
import { createEvents } from './telemetry/events.ts';
import { expireOverdue } from './maintenance/expire-overdue.ts';
import { createFactories } from './factory/factory.ts';
import { followDrain } from './admission/follow-drain.ts';
import { createGate } from './admission/gate.ts';
import { startLookout } from './maintenance/lookout.ts';
import { createOutcomeKeeper } from './orders/outcome-keeper.ts';
import type { WorkerSettings } from './settings.ts';

/** Orders in hand have this long to finish when the worker stops, and as long again to write down that they did not. */
const stopGraceMs = 4_000;
/** How often a worker says that it is alive, and reads what the others have found in case it missed the news. */
const fleetIntervalMs = 1_000;
const expiryIntervalMs = 1_000;
const auditIntervalMs = 10_000;
/** An order that was just accepted or replayed may be on its way into the queue for so long. */
const auditGraceMs = 10_000;
const datasetIntervalMs = 3_000;
const watchdogIntervalMs = 1_000;
/** What has nothing in hand any more is not waited for longer, whatever Redis does. */
const closeWithinMs = 1_000;

const pausedNote =
  'An operator has paused the drain: no order is taken until somebody resumes it. Deadlines run on.';

/** Opens the worker: connections, factories, health page, and then the queue. Disposing closes it in reverse. */
export async function startWorker(
  settings: WorkerSettings,
  logger: Logger,
  leave: () => void,
  stopping: AbortSignal,
): Promise<AsyncDisposable & { port: number }> {
  const problem = await databaseProblem(settings.REDIS_URL);
  if (problem !== undefined) throw new StartError(problem);
  await using opened = new AsyncDisposableStack();
  const metrics = createMetrics();
  const events = createEvents(logger, metrics, () => clock.now());
  const auditEvents = createAuditEvents(logger, metrics);
  const names = createNames(settings.REDIS_KEY_TAG, databaseOf(settings.REDIS_URL));

  const onRedisError = sparingly((error) => events.redisTrouble(error));

  const redis = connectPatiently({ url: settings.REDIS_URL, onError: onRedisError });
  opened.defer(() => redis.disconnect());
  const clock = createRedisClock({ redis });
  opened.use(watchClock({ clock, metrics, logger, onError: onRedisError }));
  const ledger = createLedger({ redis, names });
  const queue = opened.use(createOrderQueue({ redis, names, onError: onRedisError }));

  const { subscriber, refusal } = connectSubscriber({ url: settings.REDIS_URL, onError: onRedisError });
  opened.defer(() => subscriber.disconnect());
  const watch = opened.use(
    new RedisWatch({
      redis,
      names,
      refusal,
      // Whether Redis keeps the orders that it takes is for ingest to find out.
      rules: { isTrusted: true, minReplicas: 0 },
      onCondition: (condition) => events.redisCondition(condition),
    }),
  );
  const breakers = createBreakerStore({ redis, subscriber, names, onError: onRedisError });
  const drain = createDrainSwitch({ redis, subscriber, names, onError: onRedisError });
  const worker = `${hostname()}:${process.pid}`;
  const fleet = opened.use(joinFleet({ redis, names, worker }));
  const factories = createFactories({
    settings,
    store: breakers,
    worker,
    fleetPlace: () => fleet.place(),
    now: clock.now,
    onError: onRedisError,
    onKeysTrouble: (error) => events.factoryKeysTrouble(error),
  });
  for (const factory of factories) {
    opened.use(factory.client);
    events.factoryConfigured(factory.name);
  }
  // Before the gate hears of it: it opens by what this changes.
  followDrain({ drain, breakers, factories, events, onError: onRedisError });
  let isFirst = false;
  const lookout = opened.use(
    startLookout({
      redis,
      names,
      factories,
      events,
      isFirst: () => isFirst,
      intervalMs: settings.CANARY_INTERVAL_MS,
      timeoutMs: settings.FACTORY_TIMEOUT_MS,
      now: clock.now,
      onError: onRedisError,
    }),
  );
  const attemptsInHand = new Set<string>();
  const keeper = opened.use(
    createOutcomeKeeper({
      ledger,
      attemptsInHand,
      onGivenUp: (orderIds) => events.outcomesGivenUp(orderIds),
      onError: onRedisError,
    }),
  );
  const context: WorkerContext = {
    ledger,
    factories,
    events,
    worker,
    timeoutMs: settings.FACTORY_TIMEOUT_MS,
    probeTimeoutMs: settings.FACTORY_PROBE_TIMEOUT_MS,
    wantWitness: (factory) => lookout.wantWitness(factory),
    attemptsInHand,
    keeper,
    onError: onRedisError,
    now: clock.now,
    mayExpire: () => clock.doubt() === undefined,
    random: Math.random,
  };

  const dataset = watchDataset({ redis, names });
  let restores: RestoreProgress | undefined;
  registerDatasetGauge(metrics, () => dataset.loss() !== undefined);
  registerBacklogGauges(metrics, readBacklog(ledger, queue, clock.now));
  const server = createHttpServer({
    logger,
    metrics,
    stopping,
    ready: async () => ({
      reasons: [
        ...redisObstacles(watch.condition),
        ...(dataset.hasSeenLoss() ? [lossInWords(restores)] : []),
      ],
      notes: [
        ...(drain.get().isPaused ? [pausedNote] : []),
        ...(clock.doubt() === undefined ? [] : [`No order expires: ${clock.doubt()}.`]),
      ],
    }),
  });
  const { port } = await listen(server, settings);
  opened.defer(() => server.close());

  const consumer = createOrderConsumer({
    redis,
    names,
    handle: (orderId, signal, checkHold) => bakeOrder(context, orderId, signal, checkHold),
    onError: onRedisError,
  });
  opened.defer(() => consumer.stop(stopGraceMs));
  const gate = opened.use(
    createGate({
      factories,
      breakers,
      drain,
      concurrency: settings.WORKER_CONCURRENCY,
      apply: (permits) => consumer.setLimit(permits),
      now: clock.now,
      onReview: () => factories.forEach(({ name, breaker }) => events.factorySeen(name, breaker.condition)),
    }),
  );
  let hasReadBreakers = false;
  opened.use(
    every(
      fleetIntervalMs,
      async () => {
        await Promise.all([fleet.beat(), breakers.refresh(), drain.refresh()]);
        isFirst = fleet.place().rank === 0;
        if (!hasReadBreakers) factories.forEach(({ breaker }) => breaker.introduceSettings());
        hasReadBreakers = true;
        gate.review();
        for (const { name } of factories)
          events.lastFulfilledSeen(name, (await readFactoryFacts({ redis, names }, name)).lastFulfilledAt);
      },
      onRedisError,
    ),
  );
  opened.use(
    every(
      expiryIntervalMs,
      async () => {
        auditEvents.expirySeen(clock.doubt());
        await expireOverdue({ ledger, events, mayExpire: context.mayExpire });
      },
      onRedisError,
    ),
  );
  const auditor = createAuditor({
    redis,
    names,
    queue,
    graceMs: auditGraceMs,
    repeatable: factories.filter((factory) => factory.repeatable).map((factory) => factory.name),
  });
  opened.use(
    every(
      auditIntervalMs,
      async () => {
        const findings = await auditor.takeTurn({ leaseMs: auditIntervalMs - 500 });
        if (findings) {
          events.orphansRequeued(findings.pending.requeued);
          auditEvents.audited(findings);
        }
        const result = await auditor.lastResult();
        if (result) auditEvents.auditSeen(result);
      },
      onRedisError,
    ),
  );
  opened.use(
    every(
      datasetIntervalMs,
      async () => {
        const loss = await dataset.look({ beat: isFirst });
        auditEvents.datasetSeen(loss);
        restores = loss && (await readRestores({ redis, names }));
      },
      onRedisError,
    ),
  );
  const history = createHistoryRecorder({
    redis,
    names,
    ledger,
    breakers,
    factories: factories.map((factory) => factory.name),
    now: clock.now,
  });
  opened.use(every(historyIntervalMs, async () => void (await history.takeTurn()), onRedisError));
  const watchdog = createWatchdog({
    consumer,
    queue,
    onReplaced: (inVain) => auditEvents.bullWorkerReplaced(inVain),
    onGivenUp() {
      auditEvents.bullWorkerGivenUp();
      leave();
    },
  });
  opened.use(every(watchdogIntervalMs, () => watchdog.check(), onRedisError));

  logger.info(
    { port, factories: factories.map((factory) => factory.name), concurrency: settings.WORKER_CONCURRENCY },
    'worker started',
  );
  const running = opened.move();
  return {
    port,
    async [Symbol.asyncDispose]() {
      await consumer.stop(stopGraceMs);
      auditEvents.stoppedWithOrders(consumer.inHand);
      await Promise.race([running.disposeAsync(), sleep(closeWithinMs)]);
    },
  };
}
