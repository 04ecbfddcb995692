import { importSource } from '../import-source.ts';
import { code, codeBlock, paragraphs, table } from '../markdown.ts';

/** Of a command, what the page needs; it is commander's. */
type Command = {
  name: () => string;
  commands: Command[];
  helpInformation: () => string;
  outputHelp: () => void;
};

type Program = { createProgram: (session: object) => Promise<Command> };
type ExitCodes = { exitCodes: Record<string, number>; exitMeanings: Record<string, string> };

const introduction = `\`proofbox\` is a client of the [admin API](admin-api.md). In a checkout it is \`npm run -s proofbox -- <command>\`.
[The command line by example](../operate/command-line.md) shows it at work.`;

/** `cli.md`: each command with the help that it prints, and the exit codes. */
export async function cliPage(): Promise<string> {
  const printed: string[] = [];
  const { createProgram } = await importSource<Program>('apps/cli/src/program.ts');
  const program = await createProgram(sessionThatPrints((text) => printed.push(text)));
  function helpOf(command: Command): string {
    printed.length = 0;
    command.outputHelp();
    return printed.join('');
  }
  const { exitCodes, exitMeanings } = await importSource<ExitCodes>(
    'apps/cli/src/session/command-failure.ts',
  );
  const codes = Object.entries(exitCodes).map(([name, exitCode]) => [
    code(`${exitCode}`),
    exitMeanings[name]!,
  ]);
  return paragraphs(
    '# Command line',
    introduction,
    '## Exit codes',
    table(['Exit code', 'Meaning'], codes),
    '## proofbox',
    codeBlock('text', helpOf(program)),
    ...program.commands.flatMap((command) => sectionsOf(command, helpOf)),
  );
}

function sectionsOf(command: Command, helpOf: (command: Command) => string, above = ''): string[] {
  const name = `${above}${command.name()}`;
  const heading = above === '' ? `## proofbox ${name}` : `### proofbox ${name}`;
  return [
    paragraphs(heading, codeBlock('text', helpOf(command))),
    ...command.commands.flatMap((each) => sectionsOf(each, helpOf, `${name} `)),
  ];
}

/** A run of the command line whose terminal is this page. */
function sessionThatPrints(out: (text: string) => void): object {
  return { environment: {}, now: 0, terminal: { out, err: out, hasColours: false, width: 100 } };
}
