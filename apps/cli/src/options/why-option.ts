import { reasonGiven } from '@proofbox/contract/admin';
import { InvalidArgumentError, Option } from 'commander';

/** `--why <text>`, without which nothing is changed and nobody is revealed. */
export function whyOption(): Option {
  return new Option('--why <text>', 'the reason, for the audit log (required)')
    .argParser(readWhy)
    .makeOptionMandatory();
}

function readWhy(text: string): string {
  const given = reasonGiven.safeParse(text);
  if (given.success) return given.data;
  throw new InvalidArgumentError('Say why, in 1 to 500 characters, for the readers of the audit log.');
}
