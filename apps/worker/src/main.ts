import { runApp } from '@proofbox/runtime';
import { workerSettings } from './settings.ts';
import { startWorker } from './start.ts';

await runApp({ name: 'worker', settings: workerSettings, start: startWorker });
