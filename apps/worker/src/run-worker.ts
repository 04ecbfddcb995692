import { runApp } from '@proofbox/runtime';
import { workerSettings } from './settings.ts';
import { startWorker } from './start.ts';

/** The worker, from its settings to its end. */
export async function runWorker(): Promise<void> {
  await runApp({ name: 'worker', settings: workerSettings, start: startWorker });
}
