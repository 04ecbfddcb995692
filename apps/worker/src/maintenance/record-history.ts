import { createHistoryRecorder, historyIntervalMs } from '@proofbox/ledger';
import type { Task } from '@proofbox/runtime';

/** Writes down how the shop is now, for the console's charts: one worker of the fleet each time. */
export function recordHistory(options: Parameters<typeof createHistoryRecorder>[0]): Task {
  const history = createHistoryRecorder(options);
  return {
    name: 'record_history',
    intervalMs: historyIntervalMs,
    run: async () => void (await history.recordIfDue()),
  };
}
