import { constants } from 'node:os';
import { reasonOf } from './reason-of.ts';
import { UsageError } from './command-line.ts';

/**
 * A command: its options, its run, and its exit code. A signal aborts the run, which then closes what it opened.
 * What it says on the way goes to stderr, a result to stdout.
 * @returns the exit code
 */
export async function mainOf<Options extends { help: boolean }>(command: {
  name: string;
  usage: string;
  /** @throws UsageError */
  readOptions: () => Options;
  run: (options: Options, run: { signal: AbortSignal; say: (line: string) => void }) => Promise<number>;
}): Promise<number> {
  const { name, usage } = command;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // One Ctrl-C may arrive twice, from the terminal and from npm.
      if (!stopping.signal.aborted) say('Stopping everything.');
      stopping.abort(signal);
    });
  }
  try {
    const options = command.readOptions();
    if (options.help) {
      process.stdout.write(`${usage}\n`);
      return 0;
    }
    return await command.run(options, { signal: stopping.signal, say });
  } catch (error) {
    if (stopping.signal.aborted) return 128 + constants.signals[stopping.signal.reason as NodeJS.Signals];
    if (error instanceof UsageError) {
      say(`${error.message}\n\n${usage}`);
      return 2;
    }
    say(`${name}: ${reasonOf(error)}`);
    return 1;
  }
}
