import { runApp } from '@proofbox/runtime';
import { adminSettings } from './settings.ts';
import { startAdmin } from './start.ts';

/** The admin server, from its settings to its end. */
export async function runAdmin(): Promise<void> {
  await runApp({
    name: 'admin',
    settings: adminSettings,
    start: startAdmin,
    shutdownPauseMs: ({ SHUTDOWN_PAUSE_MS }) => SHUTDOWN_PAUSE_MS,
  });
}
