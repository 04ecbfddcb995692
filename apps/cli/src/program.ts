import { printableLines } from '@proofbox/runtime/printable';
import { Command, Help } from 'commander';
import { topCommands } from './commands/top-commands.ts';
import { exitCodes, exitMeanings } from './session/command-failure.ts';
import { exampleId, invocation } from './session/invocation.ts';
import type { Session } from './session/session.ts';
import { createPaint } from './terminal/terminal.ts';

/** A line of text is hard to read when it is longer. */
const widestHelp = 100;

/**
 * The command line. Of the commands only those are loaded that `args` may be about: to load them all takes longer than
 * what most of them do. It never ends the process: it throws CommanderError, and what the actions throw.
 * @param args undefined: all of them
 */
export async function createProgram(session: Session, args?: readonly string[]): Promise<Command> {
  const { out, err, hasColours, width, screen } = session.terminal;
  const paint = createPaint({ hasColours: true });
  const program = new Command('proofbox')
    .description(
      'Finds, explains, replays and discards orders that were not fulfilled, and switches factories off and on.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: (text) => err(printableLines(text)),
      getOutHasColors: () => hasColours,
      getErrHasColors: () => screen?.hasColours ?? false,
      getOutHelpWidth: () => Math.min(width ?? 80, widestHelp),
      getErrHelpWidth: () => Math.min(screen?.width ?? 80, widestHelp),
    })
    .configureHelp({
      styleTitle: (title) => paint('bold', title),
      // One that is not loaded does not know its options and arguments.
      subcommandTerm: (command) =>
        command.parent?.parent === null ? command.name() : Help.prototype.subcommandTerm(command),
    })
    .showHelpAfterError('Add --help to see how to use the command.')
    .addHelpText('after', environmentAndExamples());

  for (const { heading, commands } of topCommands) {
    program.commandsGroup(heading);
    for (const { name, summary, load } of commands) {
      const command = program.command(name).summary(summary);
      if (isAsked(name, args)) (await load())(command, session);
    }
  }
  program.addHelpCommand(
    new Command('help').argument('[command]').summary('how to use a command').helpGroup('You:'),
  );
  return program;
}

/** The script of a completion knows every command. */
function isAsked(name: string, args: readonly string[] | undefined): boolean {
  return args === undefined || args.includes(name) || args[0] === 'completion';
}

function exitCodeLines(): string {
  return Object.entries(exitMeanings)
    .map(([name, meaning]) => `${String(exitCodes[name as keyof typeof exitCodes]).padStart(5)}  ${meaning}`)
    .join('\n');
}

const environmentAndExamples = () => `
Environment:
  PROOFBOX_URL    the admin API (default: http://127.0.0.1:4001, of npm start)
  PROOFBOX_TOKEN  your token; npm start keeps one in .data/secrets/admin-token
  NO_COLOR        set it for output without colours
  REDIS_URL, REDIS_KEY_TAG, OUTBOX_DIR
                  for the commands on the host: set them as for ingest

Exit codes:
${exitCodeLines()}

Examples:
  export PROOFBOX_TOKEN=$(cat .data/secrets/admin-token)
  ${invocation} dead list
  ${invocation} dead show ${exampleId}
  ${invocation} dead replay --reason expired --dry-run \\
    --why "the outage is over"
  ${invocation} stats --watch
`;
