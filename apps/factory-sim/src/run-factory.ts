import { runApp } from '@proofbox/runtime';
import { settings } from './settings.ts';
import { start } from './start.ts';

/** A stand-in factory, from its settings to its end. */
export async function runFactory(): Promise<void> {
  await runApp({ name: 'factory-sim', settings, start });
}
