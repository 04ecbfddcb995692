import { createHttpServer, createMetrics, listen, type Logger } from '@proofbox/runtime';
import { addControlRoutes } from './control/control-routes.ts';
import { createListener } from './http/listener.ts';
import { createFactoryServer } from './http/factory-server.ts';
import { createFaultControl } from './faults/fault-control.ts';
import { createFaultSwitch } from './faults/fault-switch.ts';
import { loadOrCreateKey } from './receipts/key-file.ts';
import { createOrderCounts } from './control/order-counts.ts';
import { createReceiptSigner } from './receipts/receipt-signer.ts';
import { createRequestLog } from './control/request-log.ts';
import { seededRandom } from './faults/seeded-random.ts';
import type { Settings } from './settings.ts';
import { createVendors } from './http/vendors.ts';

/** The ports that were opened, which matters when the settings said 0. */
export type RunningSim = AsyncDisposable & { port: number; controlPort: number };

/**
 * Opens the factory and its control API.
 * @throws StartError when a port cannot be had or the key file holds no usable key
 */
export async function start(settings: Settings, logger: Logger): Promise<RunningSim> {
  await using opening = new AsyncDisposableStack();
  const key = await loadOrCreateKey({ path: settings.KEY_FILE, bits: settings.KEY_BITS });
  const signer = createReceiptSigner(key);
  const counts = createOrderCounts();
  const log = createRequestLog();
  const faults = createFaultSwitch({ random: seededRandom(settings.SEED), logger });

  const factory = await createFactoryServer({
    vendors: createVendors({ apiKeys: settings.API_KEYS, factory: settings.FACTORY_NAME }),
    latencyMs: settings.LATENCY_MS,
    ovenFullMs: settings.OVEN_FULL_MS,
    signer,
    counts,
    log,
    faults,
    logger,
  });
  opening.defer(() => factory.close());
  const { port } = await listen(factory, settings);
  const listener = createListener(factory.server, { host: settings.HOST, port });

  const control = createHttpServer({
    logger,
    metrics: createMetrics(),
    ready: async () => ({ reasons: [] }),
  });
  opening.defer(() => control.close());
  addControlRoutes(control, {
    faults,
    setFault: createFaultControl({ faults, listener, signer }),
    counts,
    log,
  });
  const { port: controlPort } = await listen(control, { HOST: settings.HOST, PORT: settings.CONTROL_PORT });

  logger.info({ factory: settings.FACTORY_NAME, port, controlPort }, 'factory open');
  const opened = opening.move();
  return { port, controlPort, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
