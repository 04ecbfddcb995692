import { SettingsError, StartError } from '@proofbox/runtime';
import { ProcessStartError } from '../process/managed-process.ts';

/** What went wrong, in lines for a person: each bad setting of each app as the app says it, each said once. */
export function problemLines(error: unknown): string[] {
  return [...new Set(linesOf(error))];
}

function linesOf(error: unknown): string[] {
  if (error instanceof SettingsError) return error.problems.map((problem) => `proofbox: ${problem}`);
  if (error instanceof AggregateError) return error.errors.flatMap(linesOf);
  if (error instanceof ProcessStartError) return linesOfProcess(error);
  if (error instanceof StartError || error instanceof Error) return [`proofbox: ${error.message}`];
  return [`proofbox: ${String(error)}`];
}

/** An app that explains itself does so in lines such as `worker: WORKER_CONCURRENCY is not valid: …`; anything else needs our explanation too. */
function linesOfProcess(error: ProcessStartError): string[] {
  const isExplained = error.lines.length > 0 && error.lines.every((line) => /^[a-z][\w-]*: /.test(line));
  return isExplained ? [...error.lines] : [`proofbox: ${error.message}`];
}
