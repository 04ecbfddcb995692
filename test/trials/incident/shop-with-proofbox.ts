import { startStack, type Stack } from '@proofbox/local';
import { createFactoryControl } from '../../support/factory-control.ts';
import { followOrders, readOnceMore } from '../../support/follow-orders.ts';
import { findServed } from '../../support/handed.ts';
import { createShopper, type Shopper } from '../../support/shopper.ts';
import { isDelayed, isFulfilled, isSettled, type TakenOrder } from '../../support/taken-order.ts';
import { createTraffic } from '../../support/traffic.ts';
import { watchForAlarm } from './alarm-watch.ts';
import type { Purchase } from './purchase.ts';
import type { Shop, ShopKey } from './shop.ts';

const diners = 20;

/** The shop with a Proofbox of real processes before its factory, under a key tag of its own. */
export async function openShopWithProofbox(options: {
  key: Exclude<ShopKey, 'synchronous'>;
  name: string;
  redisUrl: string;
  hasFallback: boolean;
  signal: AbortSignal;
}): Promise<Shop> {
  const { key, name, redisUrl, hasFallback, signal } = options;
  const stack = await startStack({
    redisUrl,
    keyTag: `incident-${key}`,
    admin: false,
    fallback: hasFallback,
    signal,
  });
  const shoppers = await shoppersOf(stack);
  // On that day the shop had been open for long: what only a first order waits for is no part of the incident.
  await shoppers[0]!.order();
  const traffic = createTraffic({ shoppers });
  const watch = watchForAlarm(stack.urls.worker);
  return {
    key,
    name,
    factory: createFactoryControl(stack.urls.primaryControl),
    place: () => traffic.place(),
    get counts() {
      const fulfilled = traffic.taken.filter(isFulfilled).length;
      const failed = traffic.taken.filter(isDelayed).length + traffic.refused.length;
      return { fulfilled, failed, waiting: traffic.sent - fulfilled - failed };
    },
    get alarmAt() {
      return watch.alarmAt;
    },
    follow: ({ isClosed, signal: until }) =>
      followOrders({
        orders: traffic.taken,
        signal: until,
        isDone: () => isClosed() && traffic.taken.every(isSettled),
      }),
    async closeBooks(until) {
      await readOnceMore(traffic.taken, until);
      const served = await findServed(traffic.taken, until);
      return [
        ...traffic.taken.map((order) => purchaseOf(order, served.has(order))),
        ...traffic.refused.map(({ placedAt, answeredAt }) => ({
          placedAt,
          answeredAt,
          fate: 'refused' as const,
          endedAt: answeredAt,
          isDinerServed: false,
        })),
      ];
    },
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]();
      await stack[Symbol.asyncDispose]();
    },
  };
}

function shoppersOf(stack: Stack): Promise<Shopper[]> {
  return Promise.all(
    Array.from({ length: diners }, async (_each, index) =>
      createShopper({
        url: stack.urls.ingest,
        token: await stack.tokenFor({ id: index + 1, name: `diner ${index + 1}`, email: 'd@jwt.com' }),
      }),
    ),
  );
}

function purchaseOf(order: TakenOrder, isDinerServed: boolean): Purchase {
  const { placedAt, answeredAt, reading } = order;
  const purchase = { placedAt, answeredAt, isDinerServed };
  if (reading !== undefined && isFulfilled(order)) {
    const { fulfilledAt, updatedAt } = reading.status;
    return { ...purchase, fate: 'fulfilled', endedAt: Date.parse(fulfilledAt ?? updatedAt) };
  }
  if (reading !== undefined && isDelayed(order)) {
    return { ...purchase, fate: 'dead', endedAt: Date.parse(reading.status.updatedAt) };
  }
  return { ...purchase, fate: 'lost', endedAt: Infinity };
}
