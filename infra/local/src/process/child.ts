import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { cleanEnvironment, type Environment } from '../environment.ts';
import { guardAgainstOrphan } from './orphan-guard.ts';
import type { RecentOutput } from './recent-output.ts';

/** How a process ended: one of the two is set. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** One running program. `exited` never rejects. */
export type Child = {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Sends a signal; nothing happens when the program has ended. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after the deadline; resolves when the program has ended. */
  stop(deadlineMs: number): Promise<Exit>;
};

/**
 * Starts a program with an environment of its own, its output read by `output`, in a process group of its own:
 * Ctrl-C at the terminal reaches us only, and we stop our children in order.
 * @throws Error with the operating system's word when the program cannot be started
 */
export async function spawnChild(options: {
  command: string;
  args: string[];
  env?: Environment;
  cwd?: string;
  output: RecentOutput;
}): Promise<Child> {
  const process = spawn(options.command, options.args, {
    env: cleanEnvironment(options.env),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  options.output.read('stdout', process.stdout);
  options.output.read('stderr', process.stderr);
  const exited = untilExit(process);
  await once(process, 'spawn');
  const guard = guardAgainstOrphan(process.pid!);
  process.once('exit', () => guard[Symbol.dispose]());

  return {
    pid: process.pid!,
    exited,
    kill: (signal) => void process.kill(signal),
    async stop(deadlineMs) {
      process.kill('SIGTERM');
      // One that was frozen (SIGSTOP) would not see the signal.
      process.kill('SIGCONT');
      const timer = setTimeout(() => process.kill('SIGKILL'), deadlineMs);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

/** Resolves when the program has ended and its output has been read; a grandchild that holds the output open is not waited for. */
async function untilExit(process: ChildProcess): Promise<Exit> {
  const closed = new Promise<void>((resolve) => {
    process.once('close', () => resolve());
  });
  const exit = await new Promise<Exit>((resolve) => {
    process.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await Promise.race([closed, delay(500, undefined, { ref: false })]);
  return exit;
}

/** "exit code 1" or "signal SIGKILL". */
export function describeExit(exit: Exit): string {
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}
