import { runApp } from '@proofbox/runtime';
import { settings } from './settings.ts';
import { start } from './start.ts';

await runApp({ name: 'factory-sim', settings, start });
