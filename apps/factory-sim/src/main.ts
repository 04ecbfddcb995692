import { keepCompiledCode } from '@proofbox/runtime/compile-cache';

keepCompiledCode();
const { runFactory } = await import('./run-factory.ts');
await runFactory();
