import { runApp } from '@proofbox/runtime';
import { ingestSettings } from './settings.ts';
import { startIngest } from './start.ts';

await runApp({
  name: 'ingest',
  settings: ingestSettings,
  start: startIngest,
  shutdownPauseMs: ({ SHUTDOWN_PAUSE_MS }) => SHUTDOWN_PAUSE_MS,
});
