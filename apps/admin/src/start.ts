import path from 'node:path';
import { databaseProblem, openLedger, readBacklog, redisObstacles, watchDataset } from '@proofbox/ledger';
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
import { adminApi } from './admin-api.ts';
import { closeServer } from './http/close-server.ts';
import { consoleFiles } from './http/console-files.ts';
import { createEventStreams } from './http/event-stream.ts';
import { createEvents } from './auth/events.ts';
import { openParts } from './open-parts.ts';
import { nobodyCan, shopAdminsCannot } from './http/refusals.ts';
import { addSecureHeaders } from './http/secure-headers.ts';
import type { AdminSettings } from './settings.ts';
import { secretOfConsole } from './auth/shop-token.ts';

/** Where the console is when it was built in this repository; `src` and `dist` are equally far from it. */
const builtConsole = path.resolve(import.meta.dirname, '../../console/dist');

/** How often it is looked whether Redis still is what it was. */
const datasetIntervalMs = 3_000;

/** A thousand ids of the longest kind, or the largest order with room to spare. */
const bodyLimit = 256 * 1024;

/**
 * Opens the admin server: API, console, and the gauges of the backlog, which nobody should
 * have to ask a busy worker for. It also works off the bulk tasks. Without Redis it starts all the same, and says so.
 */
export async function startAdmin(
  settings: AdminSettings,
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
      onError,
      onCondition: (condition) => events.redisCondition(condition),
    }),
  );
  const { redis, names, clock, ledger, queue, watch } = shop;
  opened.use(watchClock({ clock, metrics, logger, onError }));

  registerBacklogGauges(metrics, readBacklog(ledger, queue, clock.now));
  const dataset = watchDataset({ redis, names });
  registerDatasetGauge(metrics, () => dataset.loss() !== undefined);
  // While there is no connection, the connection logs that, and nothing else needs to.
  const look = async () => void (redis.status === 'ready' && (await dataset.look()));
  opened.use(every(datasetIntervalMs, look, onError));
  const parts = openParts({ shop, settings, events, logger, metrics, onError, opened });
  const { AUTH_JWT_SECRET: shopSecret } = settings;
  const notes = [
    ...(parts.canLetIn ? [] : [nobodyCan]),
    ...(shopSecret !== undefined && secretOfConsole(shopSecret) === undefined ? [shopAdminsCannot] : []),
  ];
  const server = createHttpServer({
    logger,
    metrics,
    stopping,
    bodyLimit,
    trustProxy: settings.TRUST_PROXY,
    ready: async () => ({
      reasons: [
        ...redisObstacles(watch.condition),
        ...(dataset.hasSeenLoss() ? ['Redis came back with less than it had'] : []),
      ],
      notes,
    }),
  });
  await addSecureHeaders(server);
  await adminApi(server, { ...parts, streams: createEventStreams(server) });
  await server.register(async (scope) =>
    consoleFiles(scope, { folder: settings.CONSOLE_DIR ?? builtConsole }),
  );

  const { port } = await listen(server, settings);
  opened.defer(() => closeServer(server));
  for (const note of notes) logger.warn(note);
  logger.info({ port }, 'admin started');
  const running = opened.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
