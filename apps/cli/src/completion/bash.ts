import type { CompletedCommand } from './command-tree.ts';

/** A script for bash: it finds the command that is being typed, and knows what may follow. */
export function bashCompletion(tree: CompletedCommand[]): string {
  const paths = tree.slice(1).map(({ path }) => `      ${quoted(path)}) path="$path $word" ;;`);
  const values = tree.flatMap(({ path, options }) =>
    options.flatMap(({ flags, takesValue, takesFile, choices }) =>
      takesValue
        ? [
            `    ${flags.map((flag) => quoted(`${path} ${flag}`)).join(' | ')}) ${takesFile ? 'COMPREPLY=($(compgen -f -- "$cur"))' : `_proofbox_words ${quoted(choices.join(' '))}`}; return ;;`,
          ]
        : [],
    ),
  );
  const words = tree.map(({ path, subcommands, options, choices }) => {
    const all = [
      ...subcommands.map(({ name }) => name),
      ...choices,
      ...options.flatMap(({ flags }) => flags.filter((flag) => flag.startsWith('--'))),
    ];
    return `    ${quoted(path)}) _proofbox_words ${quoted(all.join(' '))} ;;`;
  });
  return `# bash completion for proofbox: eval "$(proofbox completion bash)"
_proofbox_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_proofbox() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path=proofbox word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${paths.join('\n')}
    esac
  done
  case "$path $before" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
}

complete -F _proofbox proofbox
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
