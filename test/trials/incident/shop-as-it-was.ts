import { startStack } from '@proofbox/local';
import { createFactoryControl } from '../../support/factory-control.ts';
import { createSynchronousClient } from '../../support/synchronous-client.ts';
import { firstSteadyFailure } from './alarm.ts';
import type { Shop } from './shop.ts';

/**
 * The shop as it was: its service keeps the order, calls the factory once while the diner waits, and passes the failure on.
 * @param alertAfterMs how long there must be nothing but failures before its alert fires
 */
export async function openShopAsItWas(options: {
  redisUrl: string;
  alertAfterMs: number;
  signal: AbortSignal;
}): Promise<Shop> {
  const { redisUrl, alertAfterMs, signal } = options;
  const stack = await startStack({ redisUrl, ingests: 0, workers: 0, admin: false, fallback: false, signal });
  const client = createSynchronousClient({
    factoryUrl: stack.urls.primary,
    apiKey: stack.apiKeys.primary,
  });
  return {
    key: 'synchronous',
    name: 'The shop as it was',
    factory: createFactoryControl(stack.urls.primaryControl),
    place: () => client.place(),
    get counts() {
      return { fulfilled: client.placed, waiting: 0, failed: client.lost };
    },
    get alarmAt() {
      return firstSteadyFailure(client.purchases, alertAfterMs);
    },
    follow: async () => {},
    closeBooks: async () =>
      client.purchases.map(({ placedAt, answeredAt, hasReceipt }) => ({
        placedAt,
        answeredAt,
        // It kept the order, told the diner "error", and nobody tries again.
        fate: hasReceipt ? ('fulfilled' as const) : ('lost' as const),
        endedAt: answeredAt,
        isDinerServed: hasReceipt,
      })),
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}
