import { execFile } from 'node:child_process';
import path from 'node:path';

const main = path.resolve(import.meta.dirname, '../../apps/admin/src/cli/main.ts');

type Run = { code: number; stdout: string; stderr: string };
export type Proofbox = (...args: string[]) => Promise<Run>;

/** The real command line, as a process with this environment and no other. It has to end by itself within 20 s. */
export function proofboxWith(env: Record<string, string>): Proofbox {
  return (...args) =>
    new Promise((resolve, reject) => {
      execFile(process.execPath, [main, ...args], { env, timeout: 20_000 }, (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === 'number') resolve({ code, stdout, stderr });
        else reject(new Error(`proofbox ${args.join(' ')} did not end by itself`, { cause: error }));
      });
    });
}
