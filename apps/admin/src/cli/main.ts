import os from 'node:os';
import { exitCodes } from './command-failure.ts';
import { runCommandLine } from './run-command-line.ts';

// `proofbox dead list | head` closes the pipe early: whoever reads has seen enough.
process.stdout.on('error', () => process.exit());

// oxlint-disable-next-line node/no-process-env -- the one place of the command line that reads the environment
const environment = process.env;

process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment,
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
    hasColours: process.stdout.isTTY && !environment['NO_COLOR'],
  },
  by: operator(),
  now: Date.now(),
});
// A Redis that hangs does not close its end of the connection either.
if (process.exitCode === exitCodes.redisAway) process.exit();

/** The person at the keyboard, as the operating system knows them; some containers run as a number without a name. */
function operator(): string {
  try {
    return os.userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
