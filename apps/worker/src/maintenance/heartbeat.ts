import {
  readFactoryFacts,
  type QueuePause,
  type Fleet,
  type LedgerBreakerStore,
  type Names,
} from '@proofbox/ledger';
import type { Task } from '@proofbox/runtime';
import type { Admission } from '../admission/admission.ts';
import type { Factory } from '../factory/factory.ts';
import type { Events } from '../telemetry/events.ts';

export type HeartbeatOptions = {
  redis: Parameters<typeof readFactoryFacts>[0]['redis'];
  names: Names;
  fleet: Fleet;
  breakers: LedgerBreakerStore;
  queuePause: QueuePause;
  admission: Admission;
  factories: readonly Factory[];
  events: Pick<Events, 'lastFulfilledSeen'>;
};

/** Says that this worker is alive, and reads what the others have found, in case a message about it was lost. */
export function heartbeat({
  redis,
  names,
  fleet,
  breakers,
  queuePause,
  admission,
  factories,
  events,
}: HeartbeatOptions): Task {
  let hasReadBreakers = false;
  return {
    name: 'heartbeat',
    intervalMs: 1_000,
    async run() {
      await Promise.all([fleet.beat(), breakers.refresh(), queuePause.refresh()]);
      if (!hasReadBreakers) factories.forEach(({ breaker }) => breaker.introduceSettings());
      hasReadBreakers = true;
      admission.review();
      for (const { name } of factories)
        events.lastFulfilledSeen(name, (await readFactoryFacts({ redis, names }, name)).lastFulfilledAt);
    },
  };
}
