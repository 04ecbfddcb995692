import type { CompletedCommand } from './command-tree.ts';

/** A script for zsh: as the one for bash, with what each word means beside it. */
export function zshCompletion(tree: CompletedCommand[]): string {
  const paths = tree.slice(1).map(({ path }) => `      ${quoted(path)}) at="$at $word" ;;`);
  const values = tree.flatMap(({ path, options }) =>
    options.flatMap(({ flags, takesValue, takesFile, choices }) =>
      takesValue
        ? [
            `    ${flags.map((flag) => quoted(`${path} ${flag}`)).join('|')}) ${takesFile ? '_files' : `compadd -- ${choices.map(quoted).join(' ')}`}; return ;;`,
          ]
        : [],
    ),
  );
  const words = tree.map(({ path, subcommands, options, choices }) => {
    const all = [
      ...subcommands.map(({ name, summary }) => described(name, summary)),
      ...choices.map((choice) => described(choice, '')),
      ...options.flatMap(({ flags, summary }) =>
        flags.filter((flag) => flag.startsWith('--')).map((flag) => described(flag, summary)),
      ),
    ];
    return `    ${quoted(path)}) words_=(${all.join(' ')}) ;;`;
  });
  return `#compdef proofbox
# zsh completion for proofbox: source <(proofbox completion zsh)
_proofbox() {
  local at=proofbox word
  local -a words_
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
${paths.join('\n')}
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
  _describe proofbox words_
}

compdef _proofbox proofbox
`;
}

function described(word: string, summary: string): string {
  const escaped = word.replaceAll(':', String.raw`\:`);
  return quoted(summary === '' ? escaped : `${escaped}:${summary}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
