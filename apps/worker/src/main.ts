import { keepCompiledCode } from '@proofbox/runtime/compile-cache';

keepCompiledCode();
const { runWorker } = await import('./run-worker.ts');
await runWorker();
