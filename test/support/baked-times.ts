import type { FactoryControl } from './factory-control.ts';

/** How often each order was baked, by its id, these factories taken together. */
export async function bakedTimes(factories: readonly FactoryControl[]): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const factory of factories) {
    for (const { orderId, baked } of await factory.orders()) {
      times.set(orderId, (times.get(orderId) ?? 0) + baked);
    }
  }
  return times;
}
