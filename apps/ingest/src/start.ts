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
  subscribeWakeUps,
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
import { createEvents } from './events.ts';
import { orderRoute } from './order-route.ts';
import { watchOvens } from './ovens.ts';
import type { IngestSettings } from './settings.ts';
import { statusRoute } from './status-route.ts';
import { createTickets, ticketSecretFrom } from './tickets.ts';
import { verifyRoute } from './verify-route.ts';

/** How often the workers' verdicts are read again, in case the news of one was missed. */
const boardIntervalMs = 1_000;

/** Opens the ingest. Without Redis it starts all the same, and says at `/readyz` that it waits for it. */
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
  const wakeUps = subscribeWakeUps({ redis: subscriber, names, onError });
  const board = createVerdictBoard({ redis, subscriber, names, onError });
  const ovens = watchOvens({
    board,
    factories: settings.FACTORY_FALLBACK_URL === undefined ? ['primary'] : ['primary', 'fallback'],
    wakeUps,
  });
  opened.use(every(boardIntervalMs, () => board.refresh(), onError));

  const authenticate = createAuthenticate({
    jwtSecret: settings.AUTH_JWT_SECRET,
    vendorApiKeys: settings.VENDOR_API_KEYS,
  });
  const tickets = createTickets(settings.TICKET_SECRET ?? ticketSecretFrom(settings.AUTH_JWT_SECRET));
  const verifiers = [settings.FACTORY_PRIMARY_URL, settings.FACTORY_FALLBACK_URL]
    .filter((url) => url !== undefined)
    .map((factoryUrl) => createReceiptVerifier({ factoryUrl, algorithms: settings.FACTORY_JWT_ALGS }));

  registerBacklogGauges(metrics, readBacklog(ledger, queue));
  const server = createHttpServer({
    logger,
    metrics,
    bodyLimit: maxOrderBytes,
    ready: async () => ({
      reasons: await ledger.ping().then(
        () => [],
        () => ['Redis does not answer'],
      ),
    }),
  });
  await server.register(cors, {
    origin: settings.CORS_ORIGINS.includes('*') ? true : settings.CORS_ORIGINS,
    credentials: true,
    exposedHeaders: ['Location', 'Retry-After', 'Preference-Applied'],
  });
  server.get('/openapi.json', async () => ingestOpenApi('0.1.0'));
  orderRoute(server, {
    counter: { ledger, queue, wakeUps, ovens, tickets, events },
    authenticate,
    rules: { deadlineMs: settings.ORDER_DEADLINE_MS, doubleClickMs: settings.DOUBLE_CLICK_MS },
    waitMs: settings.WAIT_MS,
    events,
  });
  statusRoute(server, { ledger, authenticate, tickets });
  verifyRoute(server, { ledger, tickets, verifiers });

  const { port } = await listen(server, settings);
  opened.defer(() => server.close());
  opened.defer(() => wakeUps.stop());
  logger.info({ port }, 'ingest started');
  const running = opened.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
