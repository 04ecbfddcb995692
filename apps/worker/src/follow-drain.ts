import { startCarefully, type DrainSwitch, type VerdictBoard } from '@proofbox/ledger';
import type { Events } from './events.ts';
import type { Factory } from './factory.ts';

/** Tells of each pause, and after it has the factories tried carefully at first: a whole backlog waits for them. */
export function followDrain(input: {
  drain: Pick<DrainSwitch, 'watch'>;
  board: Pick<VerdictBoard, 'update'>;
  factories: readonly Pick<Factory, 'name'>[];
  events: Pick<Events, 'drainSeen'>;
  onError: (error: Error) => void;
}): void {
  const { drain, board, factories, events, onError } = input;
  drain.watch((view) => {
    events.drainSeen(view);
    if (view.isPaused || view.at === undefined) return;
    const change = startCarefully({ resumedAt: Date.parse(view.at) });
    for (const { name } of factories) board.update(name, change).catch(onError);
  });
}
