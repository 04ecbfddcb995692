import { constants } from 'node:os';
import type { z } from 'zod';
import { readCommandLine, UsageError } from '../support/command-line.ts';
import { reasonOf } from '../support/reason-of.ts';
import { abortOnStopSignal } from '../support/stop-signal.ts';

/** `say` goes to stderr, so that stdout has the result and nothing else. */
export type Run = { signal: AbortSignal; say: (line: string) => void };

/**
 * A trial from its options to its exit code. A stop signal aborts the run, which then closes what it opened.
 * @returns the exit code
 */
export async function runTrial<S extends z.ZodObject<{ help: z.ZodType<boolean> }>>(trial: {
  name: string;
  usage: string;
  /** Of its options. */
  schema: S;
  /** @returns the exit code */
  run: (options: z.output<S>, run: Run) => Promise<number>;
}): Promise<number> {
  const { name, usage } = trial;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  let options: z.output<S>;
  try {
    options = readCommandLine(process.argv.slice(2), trial.schema);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${error.message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const signal = abortOnStopSignal(() => say('Stopping everything.'));
  try {
    return await trial.run(options, { signal, say });
  } catch (error) {
    if (signal.aborted) return 128 + constants.signals[signal.reason as NodeJS.Signals];
    say(`${name}: ${reasonOf(error)}`);
    return 1;
  }
}
