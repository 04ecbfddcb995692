import { Argument, type Command } from 'commander';
import { bashCompletion } from './bash.ts';
import { commandTree, type CompletedCommand } from './command-tree.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';
import type { Session } from '../session/session.ts';

const scripts: Record<'bash' | 'zsh' | 'fish', (tree: CompletedCommand[]) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `proofbox completion` */
export function defineCompletion(completion: Command, { terminal }: Session): void {
  completion
    .description(
      'Prints a script that makes your shell complete the commands and options of `proofbox` when you press Tab.',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      `
In a checkout, give it a name first, for example in ~/.bashrc:
  proofbox() { npm --prefix ~/proofbox run -s proofbox -- "$@"; }

Then:
  bash  eval "$(proofbox completion bash)"
  zsh   source <(proofbox completion zsh)
  fish  proofbox completion fish | source
`,
    )
    .action((shell: keyof typeof scripts) => terminal.out(scripts[shell](commandTree(completion.parent!))));
}
