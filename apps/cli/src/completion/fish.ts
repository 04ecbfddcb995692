import type { CompletedCommand, CompletedOption } from './command-tree.ts';

/** A script for fish: a line for each word that may follow a command. */
export function fishCompletion(tree: CompletedCommand[]): string {
  const paths = tree.slice(1).map(({ path }) => quoted(path));
  const lines = tree.flatMap(({ path, subcommands, options, choices }) => {
    const here = `complete -c proofbox -f -n ${quoted(`__proofbox_at ${quotedWithin(path)}`)}`;
    return [
      ...subcommands.map(({ name, summary }) => `${here} -a ${name} -d ${quoted(summary)}`),
      ...choices.map((choice) => `${here} -a ${quoted(choice)}`),
      ...options.map((option) => `${here}${flagsOf(option)} -d ${quoted(option.summary)}`),
    ];
  });
  return `# fish completion for proofbox: proofbox completion fish | source
function __proofbox_at
    set -l path proofbox
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $word" ${paths.join(' ')}
            set path "$path $word"
        end
    end
    test "$path" = "$argv[1]"
end

${lines.join('\n')}
`;
}

function flagsOf({ flags, takesValue, takesFile, choices }: CompletedOption): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  );
  const value = takesFile
    ? ' -r -F'
    : takesValue
      ? ` -x${choices.length > 0 ? ` -a ${quoted(choices.join(' '))}` : ''}`
      : '';
  return `${names.join('')}${value}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}

function quotedWithin(text: string): string {
  return `"${text}"`;
}
