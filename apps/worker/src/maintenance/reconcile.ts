import { createReconciler } from '@proofbox/ledger';
import type { Task } from '@proofbox/runtime';
import type { Events } from '../telemetry/events.ts';
import type { MaintenanceEvents } from '../telemetry/maintenance-events.ts';

const intervalMs = 10_000;
/** An order that was just accepted or replayed may be on its way into the queue for so long. */
const graceMs = 10_000;

export type ReconcileOptions = Pick<
  Parameters<typeof createReconciler>[0],
  'redis' | 'names' | 'queue' | 'repeatable'
> & {
  events: Pick<Events, 'orphansRequeued'>;
  maintenance: Pick<MaintenanceEvents, 'reconciled' | 'resultSeen'>;
};

/** Compares the ledger with itself and with the queue, and mends it: one worker of the fleet each time. */
export function reconcile({ events, maintenance, ...options }: ReconcileOptions): Task {
  const reconciler = createReconciler({ ...options, graceMs });
  return {
    name: 'reconcile',
    intervalMs,
    async run() {
      const findings = await reconciler.runIfDue({ leaseMs: intervalMs - 500 });
      if (findings) {
        events.orphansRequeued(findings.pending.requeued);
        maintenance.reconciled(findings);
      }
      const result = await reconciler.lastResult();
      if (result) maintenance.resultSeen(result);
    },
  };
}
