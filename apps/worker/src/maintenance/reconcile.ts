import { createAuditor } from '@proofbox/ledger';
import type { Task } from '@proofbox/runtime';
import type { Events } from '../telemetry/events.ts';
import type { MaintenanceEvents } from '../telemetry/maintenance-events.ts';

const intervalMs = 10_000;
/** An order that was just accepted or replayed may be on its way into the queue for so long. */
const graceMs = 10_000;

export type ReconcileOptions = Pick<
  Parameters<typeof createAuditor>[0],
  'redis' | 'names' | 'queue' | 'repeatable'
> & {
  events: Pick<Events, 'orphansRequeued'>;
  maintenance: Pick<MaintenanceEvents, 'audited' | 'auditSeen'>;
};

/** Compares the ledger with itself and with the queue, and mends it: one worker of the fleet each time. */
export function reconcile({ events, maintenance, ...options }: ReconcileOptions): Task {
  const auditor = createAuditor({ ...options, graceMs });
  return {
    name: 'reconcile',
    intervalMs,
    async run() {
      const findings = await auditor.takeTurn({ leaseMs: intervalMs - 500 });
      if (findings) {
        events.orphansRequeued(findings.pending.requeued);
        maintenance.audited(findings);
      }
      const result = await auditor.lastResult();
      if (result) maintenance.auditSeen(result);
    },
  };
}
