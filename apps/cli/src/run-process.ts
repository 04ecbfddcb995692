import { exitCodes } from './session/command-failure.ts';
import { processTerminal } from './terminal/process-terminal.ts';
import { runCommandLine } from './run-command-line.ts';

/** The command line as a process: with its arguments, its terminal and its exit code. */
export async function runProcess(): Promise<void> {
  // `proofbox dead list | head` closes the pipe early: the reader has seen enough.
  process.stdout.on('error', () => process.exit());

  // `outbox flush` writes files with orders, which are for their owner only.
  process.umask(0o077);

  // oxlint-disable-next-line node/no-process-env -- the one place of the command line that reads the environment
  const environment = process.env;

  process.exitCode = await runCommandLine(process.argv.slice(2), {
    environment,
    terminal: processTerminal({ colourless: Boolean(environment['NO_COLOR']) }),
    now: Date.now(),
  });
  // What hangs does not close its end of the connection either, and nobody waits for it any more.
  if (process.exitCode === exitCodes.unreachable || process.exitCode === exitCodes.interrupted)
    process.exit();
}
