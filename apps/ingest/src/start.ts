import { hostname } from 'node:os';
import path from 'node:path';
import cors from '@fastify/cors';
import { maxOrderBytes } from '@proofbox/contract';
import { ingestOpenApi } from '@proofbox/contract/openapi';
import { createReceiptVerifier } from '@proofbox/factory/receipts';
import {
  connectFailingFast,
  connectSubscriber,
  createQueuePause,
  createLedger,
  createNames,
  createOrderQueue,
  createBreakerStore,
  createRedisClock,
  databaseOf,
  databaseProblem,
  readBacklog,
  RedisAwayError,
  RedisWatch,
  settledAmong,
  shopName,
  subscribeWakeUps,
  tellRestore,
  watchDataset,
  watchReplicas,
} from '@proofbox/ledger';
import {
  createHttpServer,
  createMetrics,
  every,
  listen,
  registerBacklogGauges,
  registerDatasetGauge,
  sparingly,
  StartError,
  watchClock,
  type Logger,
} from '@proofbox/runtime';
import { Journal, Spool } from '@proofbox/outbox';
import { createAuthenticate } from './auth/customer.ts';
import { warnOfTrust } from './telemetry/durability-trust.ts';
import { createEvents, type Events } from './telemetry/events.ts';
import { createFindOrder } from './intake/find-order.ts';
import { registerJournalGauges } from './telemetry/journal-gauges.ts';
import { keepJournal } from './journal/keep-journal.ts';
import { lookAtDataset, seenBefore } from './journal/look-at-dataset.ts';
import { noteRests } from './journal/note-rests.ts';
import { Restorer } from './journal/restorer.ts';
import { orderRoute } from './routes/order-route.ts';
import { watchOvens } from './intake/ovens.ts';
import { readiness } from './readiness.ts';
import { rememberOrders } from './intake/recent-orders.ts';
import type { IngestSettings } from './settings.ts';
import { flushSpool } from './spool/flush-spool.ts';
import { registerSpoolGauges } from './telemetry/spool-gauges.ts';
import { statusRoute } from './routes/status-route.ts';
import { createTickets, ticketSecretFrom } from './auth/tickets.ts';
import { verifyRoute } from './routes/verify-route.ts';

/** How often statuses and the queue switch are read again, in case the news of a change was missed. */
const breakersIntervalMs = 1_000;

/** How often it is looked whether an order somebody waits for has come to rest, in case the news of it was missed. */
const wakeUpIntervalMs = 500;

/** Longer than a Redis that is there takes to say what it is. */
const judgedWithinMs = 2_000;

/** For a replica on another continent; within the second in which Redis has to answer. */
const replicasWithinMs = 800;

/** Opens the ingest. Without Redis it starts all the same, and takes orders into its spool. */
export async function startIngest(
  settings: IngestSettings,
  logger: Logger,
  _leave: () => void,
  stopping: AbortSignal,
): Promise<AsyncDisposable & { port: number }> {
  const problem = await databaseProblem(settings.REDIS_URL);
  if (problem !== undefined) throw new StartError(problem);
  await using opened = new AsyncDisposableStack();
  const metrics = createMetrics();
  const events = createEvents(logger, metrics);
  const onError = sparingly((error) => events.redisTrouble(error));
  const names = createNames(settings.REDIS_KEY_TAG, databaseOf(settings.REDIS_URL));

  const redis = connectFailingFast({ url: settings.REDIS_URL, onError });
  opened.defer(() => redis.disconnect());
  const { subscriber, refusal } = connectSubscriber({ url: settings.REDIS_URL, onError });
  opened.defer(() => subscriber.disconnect());
  const clock = createRedisClock({ redis });
  opened.use(watchClock({ clock, metrics, logger, onError }));
  const ledger = createLedger({ redis, names });
  const queue = opened.use(createOrderQueue({ redis, names, onError }));
  const watch = opened.use(
    new RedisWatch({
      redis,
      names,
      refusal,
      rules: { isTrusted: settings.DURABILITY === 'trust', minReplicas: settings.REDIS_MIN_REPLICAS },
      onCondition: (condition) => events.redisCondition(condition),
      onFacts: (facts) => events.redisFacts(facts),
    }),
  );
  warnOfTrust({ isTrusted: settings.DURABILITY === 'trust', logger, metrics });
  const replicas = watchReplicas({
    redis,
    atLeast: settings.REDIS_MIN_REPLICAS,
    timeoutMs: replicasWithinMs,
  });
  const spool = opened.use(
    new Spool({
      folder: path.resolve(settings.SPOOL_DIR),
      keyTag: shopName(settings.REDIS_KEY_TAG, settings.REDIS_URL),
      maxOrders: settings.SPOOL_MAX_ORDERS,
      onTrouble: (trouble) => events.spoolTrouble(trouble),
    }),
  );
  registerSpoolGauges(metrics, spool);
  const journal = openJournal(settings, events);
  if (journal) registerJournalGauges(metrics, opened.use(journal));
  opened.use(flushSpool({ spool, watch, ledger, queue, replicas, journal, events }));
  const find = createFindOrder({ ledger, watch, spool });
  const wakeUps = subscribeWakeUps({ redis: subscriber, names, onError });
  const settled = (ids: string[]) => watch.ask(() => settledAmong({ redis, names }, ids));
  opened.use(
    every(wakeUpIntervalMs, async () => void (watch.answers && (await wakeUps.look(settled))), onError),
  );
  const restorer =
    journal &&
    opened.use(
      new Restorer({
        journal,
        ledger,
        queue,
        replicas,
        watch,
        events,
        now: clock.now,
        areRepeatable:
          settings.FACTORY_PRIMARY_REPEATABLE &&
          (settings.FACTORY_FALLBACK_URL === undefined || settings.FACTORY_FALLBACK_REPEATABLE),
        tell: (progress) =>
          tellRestore(
            { redis, names },
            `${hostname()} ${path.resolve(settings.SPOOL_DIR)} ${journal.number ?? process.pid}`,
            progress,
          ),
      }),
    );
  const past = seenBefore(journal);
  const dataset = watchDataset({
    redis,
    names,
    seenBefore: past.seen,
    onLoss: () => restorer?.start(),
  });
  registerDatasetGauge(metrics, () => dataset.loss() !== undefined);
  const look = opened.use(
    lookAtDataset({ dataset, watch, journal, restorer, isPastKnown: past.isKnown, events, onError }),
  );
  if (journal && restorer) {
    const hours = settings.SPOOL_JOURNAL_HOURS;
    opened.use(noteRests({ journal, ledger, watch, wakeUps, onError }));
    opened.use(
      keepJournal({
        journal,
        hours,
        ledger,
        watch,
        restorer,
        events,
        onError,
        isWell: () => look.isWell() && clock.doubt() === undefined,
        seen: () => dataset.seen(),
      }),
    );
  }
  const breakers = createBreakerStore({ redis, subscriber, names, onError });
  const queuePause = createQueuePause({ redis, subscriber, names, onError });
  const ovens = watchOvens({
    breakers,
    queuePause,
    factories: settings.FACTORY_FALLBACK_URL === undefined ? ['primary'] : ['primary', 'fallback'],
    wakeUps,
    now: clock.now,
  });
  opened.use(
    every(
      breakersIntervalMs,
      async () => {
        if (redis.status === 'ready') await Promise.all([breakers.refresh(), queuePause.refresh()]);
      },
      onError,
    ),
  );

  const authenticate = createAuthenticate({
    jwtSecret: settings.AUTH_JWT_SECRET,
    vendorApiKeys: settings.VENDOR_API_KEYS,
  });
  const tickets = createTickets(settings.TICKET_SECRET ?? ticketSecretFrom(settings.AUTH_JWT_SECRET));
  const verifiers = [settings.FACTORY_PRIMARY_URL, settings.FACTORY_FALLBACK_URL]
    .filter((url) => url !== undefined)
    .map((factoryUrl) =>
      createReceiptVerifier({
        factoryUrl,
        algorithms: settings.FACTORY_JWT_ALGS,
        keysFolder: path.resolve(settings.FACTORY_KEYS_DIR),
        onTrouble: (error) => events.factoryKeysTrouble(error),
      }),
    );

  const backlog = readBacklog(ledger, queue, clock.now);
  registerBacklogGauges(metrics, async () => {
    if (!watch.answers) throw new RedisAwayError('not asked');
    return backlog();
  });
  // Before the first order comes: a Redis that refuses us is not one that is away.
  await watch.judged(judgedWithinMs);
  const server = createHttpServer({
    logger,
    metrics,
    stopping,
    bodyLimit: maxOrderBytes,
    ready: async () =>
      readiness({ watch, spool, journal, loss: dataset.loss(), progress: restorer?.progress }),
  });
  await server.register(cors, {
    origin: settings.CORS_ORIGINS.includes('*') ? true : settings.CORS_ORIGINS,
    credentials: true,
    exposedHeaders: ['Location', 'Retry-After', 'Preference-Applied'],
  });
  server.get('/openapi.json', async () => ingestOpenApi('0.1.0'));
  orderRoute(server, {
    counter: {
      ledger,
      replicas,
      watch,
      spool,
      journal,
      recent: rememberOrders(),
      queue,
      wakeUps,
      ovens,
      tickets,
      events,
    },
    authenticate,
    rules: { deadlineMs: settings.ORDER_DEADLINE_MS, doubleClickMs: settings.DOUBLE_CLICK_MS },
    waitMs: settings.WAIT_MS,
    events,
  });
  statusRoute(server, { find, authenticate, tickets });
  verifyRoute(server, { find, tickets, verifiers });

  const { port } = await listen(server, settings);
  opened.defer(() => server.close());
  opened.defer(() => wakeUps.stop());
  logger.info({ port }, 'ingest started');
  const running = opened.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function openJournal(settings: IngestSettings, events: Events): Journal | undefined {
  if (settings.SPOOL_JOURNAL_HOURS === 0) return undefined;
  return new Journal({
    folder: path.resolve(settings.SPOOL_DIR),
    keyTag: shopName(settings.REDIS_KEY_TAG, settings.REDIS_URL),
    onTrouble: (trouble) => events.journalTrouble(trouble),
    onMissed: (orders) => events.journalMissed(orders),
  });
}
