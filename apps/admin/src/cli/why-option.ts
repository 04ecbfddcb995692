import { InvalidArgumentError, Option } from 'commander';

/** `--why <text>`, without which a command that has consequences does not run. */
export function whyOption(): Option {
  return new Option('--why <text>', 'the reason (required)').argParser(readWhy).makeOptionMandatory();
}

function readWhy(text: string): string {
  if (text.trim() !== '') return text.trim();
  throw new InvalidArgumentError('Say why: it is what the next person will read.');
}
