import { InvalidArgumentError, Option } from 'commander';

/** An option that takes one of these values, several with commas, or stands there several times. */
export function listOption(flags: string, description: string, all: readonly string[]): Option {
  const option = new Option(flags, description).argParser((text: string, before: string[] | undefined) => {
    const values = text.split(',').map((each) => each.trim());
    const known = values.filter((each) => all.includes(each));
    if (known.length < values.length)
      throw new InvalidArgumentError(`Expected one or more of ${all.join(', ')}, with commas between them.`);
    return [...new Set([...(before ?? []), ...known])];
  });
  // For the help and for completion; `choices()` would take one value only.
  option.argChoices = [...all];
  return option;
}
