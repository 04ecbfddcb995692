import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appScript, compileCache, type AdminRole } from '@proofbox/local';
import type { Shop } from './shop.ts';

const main = appScript('cli');

/** An audit of a large ledger in a bad state has much to say. */
const maxOutputBytes = 64 * 1024 * 1024;

type Run = { code: number; stdout: string; stderr: string };
export type Proofbox = (...args: string[]) => Promise<Run>;

/** The real command line, as a process with this environment and no other. It has to end by itself, within 45 s by default. */
export function proofboxWith(env: Record<string, string>, { timeoutMs = 45_000 } = {}): Proofbox {
  return (...args) =>
    new Promise((resolve, reject) => {
      const options = {
        env: { NODE_COMPILE_CACHE: compileCache, ...env },
        timeout: timeoutMs,
        maxBuffer: maxOutputBytes,
      };
      execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === 'number') resolve({ code, stdout, stderr });
        else reject(new Error(`proofbox ${args.join(' ')} did not end by itself`, { cause: error }));
      });
    });
}

/** The environment of somebody with this role in a shop. */
export function environmentIn({ stack }: Shop, role: AdminRole = 'operator'): Record<string, string> {
  return { PROOFBOX_URL: stack.urls.admin, PROOFBOX_TOKEN: stack.adminTokens[role] ?? 'no-token' };
}

/** The command line in the hands of somebody with this role. */
export function proofboxIn(shop: Shop, role?: AdminRole): Proofbox {
  return proofboxWith(environmentIn(shop, role));
}

/** Runs a command, and interrupts it with Ctrl-C once it has said this. */
export async function interruptedProofbox(
  env: Record<string, string>,
  { args, said }: { args: string[]; said: RegExp },
): Promise<Run> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  const run: Run = { code: -1, stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      const wasSaid = said.test(run[name]);
      run[name] += piece;
      if (!wasSaid && said.test(run[name])) child.kill('SIGINT');
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { ...run, code: code ?? -1 };
}
