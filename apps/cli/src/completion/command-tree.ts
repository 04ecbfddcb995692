import type { Command } from 'commander';

/** What can stand after a command: an option, and what its value may be. */
export type CompletedOption = {
  flags: string[];
  summary: string;
  takesValue: boolean;
  choices: readonly string[];
  takesFile: boolean;
};

/** A command as a shell has to know it. `path`: its words, such as `proofbox dead list`. */
export type CompletedCommand = {
  path: string;
  summary: string;
  subcommands: { name: string; summary: string }[];
  options: CompletedOption[];
  /** What its arguments may be, where they are a choice. */
  choices: readonly string[];
};

/** All commands below one, itself first. */
export function commandTree(command: Command, above: string[] = []): CompletedCommand[] {
  const words = [...above, command.name()];
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command);
  const own: CompletedCommand = {
    path: words.join(' '),
    summary: command.summary(),
    subcommands: subcommands.map((each) => ({
      name: each.name(),
      summary: each.summary() || each.description(),
    })),
    options: help.visibleOptions(command).map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
      summary: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
      takesFile: option.flags.includes('<file>') || option.flags.includes('<folder>'),
    })),
    choices: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
  return [own, ...command.commands.flatMap((each) => commandTree(each, words))];
}
