import type { FactoryName } from '@proofbox/contract';
import type { BreakerStore } from '@proofbox/factory/breaker';
import { watchFactoryAvailability } from '@proofbox/ingest/policies';
import type { SimQueue } from './sim-queue.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How long a diner waits for the pizza before there is a ticket instead, in ms: `WAIT_MS` by default. */
export const dinersWaitMs = 4_000;

/** Takes orders in, as ingest does: whose diner waits goes next, and nobody waits while no factory takes orders. */
export function createSimIngest(input: {
  time: VirtualTime;
  queue: SimQueue;
  store: BreakerStore;
  factories: FactoryName[];
}) {
  const { time, queue, store, factories } = input;
  /** Until when each diner waits, in ms since the epoch. */
  const waits = new Map<string, number>();
  const availability = watchFactoryAvailability({
    breakers: store,
    queuePause: { get: () => ({ isPaused: false }), watch: () => {} },
    factories,
    settledNotifier: {
      wakeAll: () => waits.clear(),
    },
    now: time.now,
  });

  return {
    take(orderId: string): void {
      const worthMs = availability.worthWaitingMs(dinersWaitMs);
      if (worthMs > 0) waits.set(orderId, time.now() + worthMs);
      queue.add(orderId, { isNext: worthMs > 0 });
    },

    /** It is baked. @returns whether its diner still waits */
    answer(orderId: string): boolean {
      const until = waits.get(orderId) ?? 0;
      waits.delete(orderId);
      return time.now() <= until;
    },
  };
}
