import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The clock of a process that starts with `env`; it can be set while that runs. */
export type Clock = AsyncDisposable & {
  env: Record<string, string>;
  /** So far ahead, or behind where it is negative. */
  shift(ms: number): Promise<void>;
};

export async function openClock(shiftMs: number): Promise<Clock> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proofbox-clock-'));
  const file = path.join(folder, 'shift');
  const shift = (ms: number): Promise<void> => writeFile(file, String(ms));
  await shift(shiftMs);
  const loaded = new URL('shift-clock.ts', import.meta.url).href;
  return {
    env: { NODE_OPTIONS: `--import=${loaded}`, CLOCK_SHIFT_FILE: file },
    shift,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
