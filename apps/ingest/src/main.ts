import { keepCompiledCode } from '@proofbox/runtime/compile-cache';

keepCompiledCode();
const { runIngest } = await import('./run-ingest.ts');
await runIngest();
