import { runApp } from '@proofbox/runtime';
import { ingestSettings } from './settings.ts';
import { startIngest } from './start.ts';

/** The ingest, from its settings to its end. */
export async function runIngest(): Promise<void> {
  await runApp({
    name: 'ingest',
    settings: ingestSettings,
    start: startIngest,
    shutdownPauseMs: ({ SHUTDOWN_PAUSE_MS }) => SHUTDOWN_PAUSE_MS,
  });
}
