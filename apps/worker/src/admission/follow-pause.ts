import { startCarefully, type BreakerStore } from '@proofbox/factory/breaker';
import type { QueuePause } from '@proofbox/ledger';
import type { Events } from '../telemetry/events.ts';
import type { Factory } from '../factory/factory.ts';

/** Logs each pause, and has the factories tried carefully after it: a whole backlog waits for them. */
export function followPause(input: {
  queuePause: Pick<QueuePause, 'watch'>;
  breakers: Pick<BreakerStore, 'update'>;
  factories: readonly Pick<Factory, 'name'>[];
  events: Pick<Events, 'pauseSeen'>;
  onError: (error: Error) => void;
}): void {
  const { queuePause, breakers, factories, events, onError } = input;
  queuePause.watch((view) => {
    events.pauseSeen(view);
    if (view.isPaused || view.at === undefined) return;
    const change = startCarefully({ resumedAt: Date.parse(view.at) });
    for (const { name } of factories) breakers.update(name, change).catch(onError);
  });
}
