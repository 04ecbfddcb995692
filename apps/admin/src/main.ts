import { runApp } from '@proofbox/runtime';
import { adminSettings } from './settings.ts';
import { startAdmin } from './start.ts';

await runApp({ name: 'admin', settings: adminSettings, start: startAdmin });
