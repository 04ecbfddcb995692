import { Option, type Command } from 'commander';

export type FormatOptions = { json?: boolean; csv?: boolean };

/** `--json`, and `--csv` where there are rows. @param shapes.json what the JSON value holds */
export function addFormatOptions(command: Command, shapes: { json: string; csv?: boolean }): Command {
  command.option('--json', `for scripts, one JSON value: ${shapes.json}`);
  if (shapes.csv)
    command.addOption(new Option('--csv', 'for spreadsheets, with a header line').conflicts('json'));
  return command;
}
