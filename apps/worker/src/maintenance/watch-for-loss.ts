import { readRestores, type DatasetWatch, type Fleet, type RestoreProgress } from '@proofbox/ledger';
import type { Task } from '@proofbox/runtime';
import type { MaintenanceEvents } from '../telemetry/maintenance-events.ts';

export type WatchForLossOptions = Parameters<typeof readRestores>[0] & {
  dataset: Pick<DatasetWatch, 'look'>;
  fleet: Pick<Fleet, 'isFirst'>;
  maintenance: Pick<MaintenanceEvents, 'datasetSeen'>;
};

/** Looks whether Redis came back with less than it had. `progress`: how far what was lost is restored. */
export function watchForLoss({ redis, names, dataset, fleet, maintenance }: WatchForLossOptions): {
  task: Task;
  progress: () => RestoreProgress | undefined;
} {
  let restores: RestoreProgress | undefined;
  return {
    progress: () => restores,
    task: {
      name: 'watch_for_loss',
      intervalMs: 3_000,
      async run() {
        const loss = await dataset.look({ beat: fleet.isFirst() });
        maintenance.datasetSeen(loss);
        restores = loss && (await readRestores({ redis, names }));
      },
    },
  };
}
