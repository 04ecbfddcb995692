import { startCarefully, type BreakerStore } from '@proofbox/factory/breaker';
import type { DrainSwitch } from '@proofbox/ledger';
import type { Events } from '../telemetry/events.ts';
import type { Factory } from '../factory/factory.ts';

/** Tells of each pause, and after it has the factories tried carefully at first: a whole backlog waits for them. */
export function followDrain(input: {
  drain: Pick<DrainSwitch, 'watch'>;
  breakers: Pick<BreakerStore, 'update'>;
  factories: readonly Pick<Factory, 'name'>[];
  events: Pick<Events, 'drainSeen'>;
  onError: (error: Error) => void;
}): void {
  const { drain, breakers, factories, events, onError } = input;
  drain.watch((view) => {
    events.drainSeen(view);
    if (view.isPaused || view.at === undefined) return;
    const change = startCarefully({ resumedAt: Date.parse(view.at) });
    for (const { name } of factories) breakers.update(name, change).catch(onError);
  });
}
