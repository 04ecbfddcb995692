import { Option } from 'commander';
import { badUsage, CommandFailure, exitCodes } from '../session/command-failure.ts';
import type { Terminal } from './terminal.ts';

/** `--yes`, of every command that asks first. */
export function yesOption(): Option {
  return new Option('-y, --yes', 'do not ask; scripts need it');
}

/**
 * Asks once before something that cannot be taken back, or that everybody will notice.
 * @param input.question such as "Discard 3 orders?"
 * @throws CommandFailure when the answer is not yes, or there is nobody to ask
 */
export async function confirm(
  { ask }: Pick<Terminal, 'ask'>,
  { question, yes }: { question: string; yes: boolean | undefined },
): Promise<void> {
  if (yes) return;
  if (!ask) throw badUsage(`${question} There is no terminal to ask at: add --yes to do it.`);
  const answer = await ask(`${question} [y/N] `);
  if (/^\s*y(es)?\s*$/i.test(answer)) return;
  throw new CommandFailure(exitCodes.failed, 'Nothing was changed.');
}
