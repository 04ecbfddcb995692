import { printableLines } from '@proofbox/runtime/printable';
import { SettingsError } from '@proofbox/runtime/settings-error';
import { CommanderError } from 'commander';
import { CommandFailure, exitCodes } from './session/command-failure.ts';
import { createProgram } from './program.ts';
import type { Session } from './session/session.ts';

/**
 * Runs one command.
 * @param args as typed, without node and the script
 * @returns the exit code, one of `exitCodes`
 */
export async function runCommandLine(args: string[], session: Session): Promise<number> {
  try {
    const program = await createProgram(session, args);
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    // Commander has written its line, or the help that was asked for, already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
    const { lines, exitCode } = await explain(error);
    // Who stops a command with Ctrl-C has made no error.
    const start = exitCode === exitCodes.interrupted ? '' : 'error: ';
    for (const line of lines) session.terminal.err(`${start}${printableLines(line)}\n`);
    return exitCode;
  }
}

async function explain(error: unknown): Promise<{ lines: readonly string[]; exitCode: number }> {
  if (error instanceof CommandFailure) return { lines: [error.message], exitCode: error.exitCode };
  if (error instanceof SettingsError) return { lines: error.problems, exitCode: exitCodes.badUsage };
  // Only a bug comes this far.
  const { redactText } = await import('@proofbox/runtime/redact');
  const whole = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { lines: [redactText(whole)], exitCode: exitCodes.failed };
}
