import { Option, type Command } from 'commander';
import { addFormatOptions, type FormatOptions } from './format-options.ts';
import { wholeNumber } from './whole-number.ts';

export type ListOptions = FormatOptions & { limit: number; after?: string; all?: boolean };

const largestLimit = 100_000;

/** How much of a list, and how it is written. `json`: the shape of its JSON value. */
export function addListOptions(command: Command, { json }: { json: string }): Command {
  command
    .addOption(
      new Option('--limit <n>', 'how many at most').default(20).argParser(wholeNumber(1, largestLimit)),
    )
    .addOption(new Option('--after <cursor>', 'continue the list before, from the cursor that it showed'))
    .addOption(new Option('--all', 'all of them, however many').conflicts('after'));
  return addFormatOptions(command, { json, csv: true });
}

export function limitOf({ limit, all }: ListOptions): number {
  return all ? Infinity : limit;
}
