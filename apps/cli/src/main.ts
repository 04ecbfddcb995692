import { keepCompiledCode } from '@proofbox/runtime/compile-cache';

keepCompiledCode();
const { runProcess } = await import('./run-process.ts');
await runProcess();
