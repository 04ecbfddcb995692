import {
  connectFailingFast,
  createLedger,
  createNames,
  createOrderQueue,
  readBacklog,
  watchDataset,
} from '@proofbox/ledger';
import {
  createHttpServer,
  createMetrics,
  every,
  listen,
  registerBacklogGauges,
  registerDatasetGauge,
  type Logger,
} from '@proofbox/runtime';
import type { AdminSettings } from './settings.ts';

/** How often it is looked whether Redis still is what it was. */
const datasetIntervalMs = 3_000;

/** Opens the admin server: for now its health, and the gauges of the backlog, which nobody should have to ask a busy worker for. */
export async function startAdmin(
  settings: AdminSettings,
  logger: Logger,
): Promise<AsyncDisposable & { port: number }> {
  await using opened = new AsyncDisposableStack();
  const metrics = createMetrics();
  const onError = (err: Error): void => logger.warn({ err }, 'redis');
  const names = createNames(settings.REDIS_KEY_TAG);

  const redis = connectFailingFast({ url: settings.REDIS_URL, onError });
  opened.defer(() => redis.disconnect());
  const ledger = createLedger({ redis, names });
  const queue = opened.use(createOrderQueue({ redis, names, onError }));

  registerBacklogGauges(metrics, readBacklog(ledger, queue));
  const dataset = watchDataset({ redis, names });
  registerDatasetGauge(metrics, () => dataset.loss() !== undefined);
  opened.use(every(datasetIntervalMs, async () => void (await dataset.look()), onError));
  const server = createHttpServer({
    logger,
    metrics,
    ready: async () => ({
      reasons: await ledger.ping().then(
        () => (dataset.hasSeenLoss() ? ['Redis came back with less than it had'] : []),
        () => ['Redis does not answer'],
      ),
    }),
  });
  const { port } = await listen(server, settings);
  opened.defer(() => server.close());
  logger.info({ port }, 'admin started');
  const running = opened.move();
  return { port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
