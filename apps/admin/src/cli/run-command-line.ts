import { redactText, SettingsError } from '@proofbox/runtime';
import { CommanderError } from 'commander';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { createProgram } from './program.ts';
import type { Session } from './session.ts';

/**
 * Runs one command.
 * @param args as typed, without node and the script
 * @returns the exit code: 0 done, 1 not found or failed, 2 bad usage, 3 Redis cannot be reached
 */
export async function runCommandLine(args: string[], session: Session): Promise<number> {
  try {
    await createProgram(session).parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    // Commander has written its line, or the help that was asked for, already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
    const { lines, exitCode } = explain(error);
    for (const line of lines) session.terminal.err(`error: ${line}\n`);
    return exitCode;
  }
}

function explain(error: unknown): { lines: readonly string[]; exitCode: number } {
  if (error instanceof CommandFailure) return { lines: [error.message], exitCode: error.exitCode };
  if (error instanceof SettingsError) return { lines: error.problems, exitCode: exitCodes.badUsage };
  const whole = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { lines: [redactText(whole)], exitCode: exitCodes.failed };
}
