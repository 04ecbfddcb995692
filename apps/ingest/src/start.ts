import path from 'node:path';
import cors from '@fastify/cors';
import { ingestOpenApi, maxOrderBytes } from '@proofbox/contract';
import {
  connectFailingFast,
  connectPatiently,
  createLedger,
  createNames,
  createOrderQueue,
  createVerdictBoard,
  readBacklog,
  RedisAwayError,
  RedisWatch,
  subscribeWakeUps,
  watchReplicas,
} from '@proofbox/ledger';
import {
  createHttpServer,
  createMetrics,
  createReceiptVerifier,
  every,
  listen,
  registerBacklogGauges,
  type Logger,
} from '@proofbox/runtime';
import { createAuthenticate } from './customer.ts';
import { warnOfTrust } from './durability-trust.ts';
import { createEvents } from './events.ts';
import { createFindOrder } from './find-order.ts';
import { orderRoute } from './order-route.ts';
import { watchOvens } from './ovens.ts';
import { readiness } from './readiness.ts';
import { rememberOrders } from './recent-orders.ts';
import type { IngestSettings } from './settings.ts';
import { flushSpool } from './spool/flush-spool.ts';
import { registerSpoolGauges } from './spool/spool-gauges.ts';
import { Spool } from './spool/spool.ts';
import { statusRoute } from './status-route.ts';
import { createTickets, ticketSecretFrom } from './tickets.ts';
import { verifyRoute } from './verify-route.ts';

/** How often the workers' verdicts are read again, in case the news of one was missed. */
const boardIntervalMs = 1_000;

/** For a replica on another continent; within the second in which Redis has to answer. */
const replicasWithinMs = 800;

/** Opens the ingest. Without Redis it starts all the same, and takes orders into its spool. */
export async function startIngest(
  settings: IngestSettings,
  logger: Logger,
): Promise<AsyncDisposable & { port: number }> {
  await using opened = new AsyncDisposableStack();
  const metrics = createMetrics();
  const events = createEvents(logger, metrics);
  const onError = (error: Error): void => events.redisTrouble(error);
  const names = createNames(settings.REDIS_KEY_TAG);

  const redis = connectFailingFast({ url: settings.REDIS_URL, onError });
  opened.defer(() => redis.disconnect());
  const subscriber = connectPatiently({ url: settings.REDIS_URL, onError });
  opened.defer(() => subscriber.disconnect());
  const ledger = createLedger({ redis, names });
  const queue = opened.use(createOrderQueue({ redis, names, onError }));
  const watch = opened.use(
    new RedisWatch({
      redis,
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
      keyTag: settings.REDIS_KEY_TAG,
      maxOrders: settings.SPOOL_MAX_ORDERS,
      onTrouble: (trouble) => events.spoolTrouble(trouble),
    }),
  );
  registerSpoolGauges(metrics, spool);
  opened.use(flushSpool({ spool, watch, ledger, queue, replicas, events }));
  const find = createFindOrder({ ledger, watch, spool });
  const wakeUps = subscribeWakeUps({ redis: subscriber, names, onError });
  const board = createVerdictBoard({ redis, subscriber, names, onError });
  const ovens = watchOvens({
    board,
    factories: settings.FACTORY_FALLBACK_URL === undefined ? ['primary'] : ['primary', 'fallback'],
    wakeUps,
  });
  opened.use(
    every(boardIntervalMs, async () => void (redis.status === 'ready' && (await board.refresh())), onError),
  );

  const authenticate = createAuthenticate({
    jwtSecret: settings.AUTH_JWT_SECRET,
    vendorApiKeys: settings.VENDOR_API_KEYS,
  });
  const tickets = createTickets(settings.TICKET_SECRET ?? ticketSecretFrom(settings.AUTH_JWT_SECRET));
  const verifiers = [settings.FACTORY_PRIMARY_URL, settings.FACTORY_FALLBACK_URL]
    .filter((url) => url !== undefined)
    .map((factoryUrl) => createReceiptVerifier({ factoryUrl, algorithms: settings.FACTORY_JWT_ALGS }));

  const backlog = readBacklog(ledger, queue);
  registerBacklogGauges(metrics, async () => {
    if (!watch.answers) throw new RedisAwayError('not asked');
    return backlog();
  });
  const server = createHttpServer({
    logger,
    metrics,
    bodyLimit: maxOrderBytes,
    ready: async () => readiness({ watch, spool }),
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
