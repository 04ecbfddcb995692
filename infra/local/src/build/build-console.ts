import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeExit, spawnChild } from '../process/child.ts';
import { RecentOutput } from '../process/recent-output.ts';
import { repositoryRoot } from '../repository.ts';

/** So fast is it when nothing has changed since the last time. */
const cachedMs = 2_000;
const longestMs = 300_000;

/**
 * Builds the console where it is missing or older than its sources; turbo knows which, and keeps what it built.
 * @throws Error in a few lines when it cannot be built
 */
export async function buildConsole(options: {
  say: (line: string) => void;
  signal?: AbortSignal;
}): Promise<void> {
  if (!existsSync(path.join(repositoryRoot, 'apps/console/package.json'))) return;
  const output = new RecentOutput({});
  const child = await spawnChild({
    command: path.join(repositoryRoot, 'node_modules/.bin/turbo'),
    args: ['run', 'build', '--filter=@proofbox/console', '--output-logs=errors-only', '--ui=stream'],
    env: { TURBO_TELEMETRY_DISABLED: '1' },
    cwd: repositoryRoot,
    output,
  });
  const giveUp = AbortSignal.any([
    AbortSignal.timeout(longestMs),
    options.signal ?? new AbortController().signal,
  ]);
  giveUp.addEventListener('abort', () => void child.stop(5_000), { once: true });
  const isDone = await Promise.race([child.exited.then(() => true), delay(cachedMs, false, { ref: false })]);
  if (!isDone) options.say('building the console, once for each change of it (takes about 20 s)');
  const exit = await child.exited;
  if (exit.code === 0) return;
  throw new Error(`the console could not be built (${describeExit(exit)}):\n${output.text()}`);
}
