import type { FactoryName } from '@proofbox/contract';
import type { FactoryControl } from '../../support/factory-control.ts';

/** How often each order was baked, over all lives of a factory: a stand-in keeps its book in memory. */
export type FactoryBooks = {
  /** To be called before a factory is ended, and once when all is over. What it bakes in between is not known. */
  note(factory: FactoryName): Promise<void>;
  baked(orderId: string, factory: FactoryName): number;
};

export function createFactoryBooks(controls: Record<FactoryName, FactoryControl>): FactoryBooks {
  const counts = new Map<string, number>();
  const nameOf = (id: string, factory: FactoryName): string => `${factory} ${id}`;
  return {
    async note(factory) {
      for (const { orderId, baked } of await controls[factory].orders()) {
        const name = nameOf(orderId, factory);
        counts.set(name, (counts.get(name) ?? 0) + baked);
      }
    },
    baked: (id, factory) => counts.get(nameOf(id, factory)) ?? 0,
  };
}
