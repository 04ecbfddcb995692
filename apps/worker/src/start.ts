import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createOrderConsumer,
  databaseProblem,
  joinFleet,
  describeLoss,
  openLedger,
  readBacklog,
  shopName,
  redisObstacles,
  watchDataset,
} from '@proofbox/ledger';
import {
  createHttpServer,
  createMetrics,
  listen,
  registerBacklogGauges,
  registerDatasetGauge,
  sparingly,
  startTasks,
  StartError,
  watchClock,
  type Logger,
} from '@proofbox/runtime';
import { keepReceipts } from '@proofbox/outbox';
import { followPause } from './admission/follow-pause.ts';
import { createAdmission } from './admission/admission.ts';
import { createFactories } from './factory/factory.ts';
import { deliverKeptReceipts } from './maintenance/deliver-receipts.ts';
import { expireOverdueOrders } from './maintenance/expire-overdue.ts';
import { heartbeat } from './maintenance/heartbeat.ts';
import { monitorFactories } from './maintenance/monitor-factories.ts';
import { reconcile } from './maintenance/reconcile.ts';
import { recordHistory } from './maintenance/record-history.ts';
import { watchConsumer } from './maintenance/watch-consumer.ts';
import { watchForLoss } from './maintenance/watch-for-loss.ts';
import { bakeOrder } from './orders/bake-order.ts';
import { createOutcomeKeeper } from './orders/outcome-keeper.ts';
import type { WorkerSettings } from './settings.ts';
import { createEvents } from './telemetry/events.ts';
import { createMaintenanceEvents } from './telemetry/maintenance-events.ts';

/** Orders in hand have this long to finish when the worker stops, and as long again to write down that they did not. */
const stopGraceMs = 4_000;
/** What has nothing in hand any more is not waited for longer, whatever Redis does. */
const closeWithinMs = 1_000;

const pausedNote =
  'An operator has paused the queue: no worker takes an order until an operator resumes it. Deadlines run on.';

/** Opens the worker: ledger, factories, health page, the queue, and then its tasks. Disposing closes it in reverse. */
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
  const events = createEvents(logger, metrics, () => shop.clock.now());
  const maintenance = createMaintenanceEvents(logger, metrics);
  const onError = sparingly((error) => events.redisTrouble(error));
  const shop = opened.use(
    openLedger({
      url: settings.REDIS_URL,
      keyTag: settings.REDIS_KEY_TAG,
      connect: 'patiently',
      onError,
      onCondition: (condition) => events.redisCondition(condition),
    }),
  );
  const { redis, names, clock, ledger, queue, breakers, queuePause } = shop;
  opened.use(watchClock({ clock, metrics, logger, onError }));

  const worker = `${hostname()}:${process.pid}`;
  const fleet = opened.use(joinFleet({ redis, names, worker }));
  const factories = createFactories({
    settings,
    store: breakers,
    worker,
    fleetPosition: () => fleet.position(),
    now: clock.now,
    onError,
    onKeysTrouble: (error) => events.factoryKeysTrouble(error),
  });
  const factoryNames = factories.map(({ name }) => name);
  factories.forEach(({ client }) => opened.use(client));
  factoryNames.forEach((name) => events.factoryConfigured(name));
  // Before admission learns of it: it opens by what this changes.
  followPause({ queuePause, breakers, factories, events, onError });
  const monitor = opened.use(
    monitorFactories({
      redis,
      names,
      factories,
      events,
      intervalMs: settings.CANARY_INTERVAL_MS,
      timeoutMs: settings.FACTORY_TIMEOUT_MS,
      now: clock.now,
      onError,
    }),
  );
  const location = {
    folder: path.resolve(settings.OUTBOX_DIR),
    shop: shopName(settings.REDIS_KEY_TAG, settings.REDIS_URL),
  };
  const attemptsInHand = new Set<string>();
  const keeper = opened.use(
    createOutcomeKeeper({
      ledger,
      attemptsInHand,
      keepOnDisk(receipts) {
        keepReceipts(location, receipts);
        events.receiptsKept(receipts.map(({ attempt }) => attempt.id));
      },
      onGivenUp: (orderIds) => events.outcomesGivenUp(orderIds),
      onError,
    }),
  );
  const context = {
    ledger,
    factories,
    events,
    worker,
    timeoutMs: settings.FACTORY_TIMEOUT_MS,
    probeTimeoutMs: settings.FACTORY_PROBE_TIMEOUT_MS,
    wantWitness: monitor.wantWitness,
    attemptsInHand,
    keeper,
    onError,
    now: clock.now,
    mayExpire: () => clock.doubt() === undefined,
    random: Math.random,
  };

  const dataset = watchDataset({ redis, names });
  const loss = watchForLoss({ redis, names, dataset, fleet, maintenance });
  registerDatasetGauge(metrics, () => dataset.loss() !== undefined);
  registerBacklogGauges(metrics, readBacklog(ledger, queue, clock.now));
  const server = createHttpServer({
    logger,
    metrics,
    stopping,
    ready: async () => ({
      reasons: [
        ...redisObstacles(shop.watch.condition),
        ...(dataset.hasSeenLoss() ? [describeLoss(loss.progress())] : []),
      ],
      notes: [
        ...(queuePause.get().isPaused ? [pausedNote] : []),
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
    onError,
  });
  opened.defer(() => consumer.stop(stopGraceMs));
  const admission = opened.use(
    createAdmission({
      factories,
      breakers,
      queuePause,
      concurrency: settings.WORKER_CONCURRENCY,
      apply: (permits) => consumer.setLimit(permits),
      now: clock.now,
      onReview: () => factories.forEach(({ name, breaker }) => events.factorySeen(name, breaker.condition)),
    }),
  );
  opened.use(
    startTasks({
      tasks: [
        heartbeat({ redis, names, fleet, breakers, queuePause, admission, factories, events }),
        expireOverdueOrders({ ledger, events, clock, maintenance }),
        reconcile({ redis, names, queue, repeatable: repeatable(factories), events, maintenance }),
        recordHistory({ redis, names, ledger, breakers, factories: factoryNames, now: clock.now }),
        deliverKeptReceipts({ location, ledger, events }),
        watchConsumer({ consumer, queue, maintenance, leave }),
        loss.task,
        ...monitor.tasks,
      ],
      isFirst: fleet.isFirst,
      metrics,
      onError,
    }),
  );

  logger.info({ port, factories: factoryNames, concurrency: settings.WORKER_CONCURRENCY }, 'worker started');
  const running = opened.move();
  return {
    port,
    async [Symbol.asyncDispose]() {
      await consumer.stop(stopGraceMs);
      maintenance.stoppedWithOrders(consumer.inHand);
      await Promise.race([running.disposeAsync(), sleep(closeWithinMs)]);
    },
  };
}

/** Factories that may be asked twice for the same order. */
function repeatable(factories: ReturnType<typeof createFactories>) {
  return factories.filter((factory) => factory.repeatable).map(({ name }) => name);
}
