import { createWatchdog } from '@proofbox/ledger';
import type { Task } from '@proofbox/runtime';
import type { MaintenanceEvents } from '../telemetry/maintenance-events.ts';

export type WatchConsumerOptions = Pick<Parameters<typeof createWatchdog>[0], 'consumer' | 'queue'> & {
  maintenance: Pick<MaintenanceEvents, 'bullWorkerReplaced' | 'bullWorkerGivenUp'>;
  /** Ends this process, for a fresh one. */
  leave: () => void;
};

/** Replaces a BullMQ worker that has silently stopped; where that does not help, this process leaves. */
export function watchConsumer({ consumer, queue, maintenance, leave }: WatchConsumerOptions): Task {
  const watchdog = createWatchdog({
    consumer,
    queue,
    onReplaced: (inVain) => maintenance.bullWorkerReplaced(inVain),
    onGivenUp() {
      maintenance.bullWorkerGivenUp();
      leave();
    },
  });
  return { name: 'watch_consumer', intervalMs: 1_000, run: () => watchdog.check() };
}
