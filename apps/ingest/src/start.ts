import path from 'node:path';
import cors from '@fastify/cors';
import { maxOrderBytes } from '@proofbox/contract';
import { createReceiptVerifier } from '@proofbox/factory/receipts';
import {
  RedisAwayError,
  createSettledNotifier,
  databaseProblem,
  openLedger,
  readBacklog,
  settledAmong,
  shopName,
  watchReplicas,
} from '@proofbox/ledger';
import {
  createHttpServer,
  createMetrics,
  every,
  listen,
  registerBacklogGauges,
  registerDatasetGauge,
  serveOpenApi,
  sparingly,
  StartError,
  watchClock,
  type Logger,
} from '@proofbox/runtime';
import { openOutbox } from '@proofbox/outbox';
import { createAuthenticate } from './auth/customer.ts';
import { warnOfTrust } from './telemetry/durability-trust.ts';
import { createEvents } from './telemetry/events.ts';
import { createFindOrder } from './intake/find-order.ts';
import { orderRoute } from './routes/order-route.ts';
import { watchFactoryAvailability } from './intake/factory-availability.ts';
import { readiness } from './readiness.ts';
import { rememberOrders } from './intake/recent-orders.ts';
import type { IngestSettings } from './settings.ts';
import { registerOutboxGauges } from './telemetry/outbox-gauges.ts';
import { statusRoute } from './routes/status-route.ts';
import { createTickets, ticketSecretFrom } from './auth/tickets.ts';
import { verifyRoute } from './routes/verify-route.ts';

/** How often the breakers and the pause of the queue are read again, in case a message about a change was lost. */
const breakersIntervalMs = 1_000;

/** How often ingest asks whether an order that a diner waits for is settled, in case it missed the message. */
const settledIntervalMs = 500;

/** Longer than a Redis that is there takes to say what it is. */
const judgedWithinMs = 2_000;

/** For a replica on another continent; within the second in which Redis has to answer. */
const replicasWithinMs = 800;

/** Opens the ingest. Without Redis it starts all the same, and takes orders into its outbox. */
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
  const shop = opened.use(
    openLedger({
      url: settings.REDIS_URL,
      keyTag: settings.REDIS_KEY_TAG,
      connect: 'failing-fast',
      rules: { isTrusted: settings.DURABILITY === 'trust', minReplicas: settings.REDIS_MIN_REPLICAS },
      onError,
      onCondition: (condition) => events.redisCondition(condition),
      onFacts: (facts) => events.redisFacts(facts),
    }),
  );
  const { redis, subscriber, names, clock, ledger, queue, breakers, queuePause, watch } = shop;
  opened.use(watchClock({ clock, metrics, logger, onError }));
  warnOfTrust({ isTrusted: settings.DURABILITY === 'trust', logger, metrics });
  const replicas = watchReplicas({
    redis,
    atLeast: settings.REDIS_MIN_REPLICAS,
    timeoutMs: replicasWithinMs,
  });
  const settledNotifier = createSettledNotifier({ redis: subscriber, names, onError });
  const settled = (ids: string[]) => watch.ask(() => settledAmong({ redis, names }, ids));
  opened.use(
    every(
      settledIntervalMs,
      async () => void (watch.answers && (await settledNotifier.look(settled))),
      onError,
    ),
  );
  const outbox = opened.use(
    openOutbox({
      folder: path.resolve(settings.OUTBOX_DIR),
      shop: shopName(settings.REDIS_KEY_TAG, settings.REDIS_URL),
      maxOrders: settings.OUTBOX_MAX_ORDERS,
      keepHours: settings.OUTBOX_KEEP_HOURS,
      areRepeatable:
        settings.FACTORY_PRIMARY_REPEATABLE &&
        (settings.FACTORY_FALLBACK_URL === undefined || settings.FACTORY_FALLBACK_REPEATABLE),
      redis,
      names,
      watch,
      ledger,
      queue,
      replicas,
      clock,
      events,
      onError,
      notifier: settledNotifier,
    }),
  );
  registerOutboxGauges(metrics, outbox);
  registerDatasetGauge(metrics, () => outbox.lossNote !== undefined);
  const find = createFindOrder({ ledger, watch, outbox });
  const availability = watchFactoryAvailability({
    breakers,
    queuePause,
    factories: settings.FACTORY_FALLBACK_URL === undefined ? ['primary'] : ['primary', 'fallback'],
    settledNotifier,
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
    ready: async () => readiness({ watch, outbox }),
  });
  await server.register(cors, {
    origin: settings.CORS_ORIGINS.includes('*') ? true : settings.CORS_ORIGINS,
    credentials: true,
    exposedHeaders: ['Location', 'Retry-After', 'Preference-Applied'],
  });
  serveOpenApi(server, () => import('./routes/openapi.ts'));
  orderRoute(server, {
    intake: {
      ledger,
      replicas,
      watch,
      outbox,
      recent: rememberOrders(),
      queue,
      settledNotifier,
      availability,
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
  opened.defer(() => settledNotifier.stop());
  logger.info({ port }, 'ingest started');
  const running = opened.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
