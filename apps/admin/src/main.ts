import { keepCompiledCode } from '@proofbox/runtime/compile-cache';

keepCompiledCode();
const { runAdmin } = await import('./run-admin.ts');
await runAdmin();
