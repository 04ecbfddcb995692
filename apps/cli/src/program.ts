import { printableLines } from '@proofbox/runtime/printable';
import { Command } from 'commander';
import { addBulk } from './commands/bulk/bulk-commands.ts';
import { addCompletion } from './completion/completion.ts';
import { addDeadChange } from './commands/orders/dead-change.ts';
import { addDeadEdit } from './commands/orders/dead-edit.ts';
import { addQueue } from './commands/shop/queue.ts';
import { addFactoryList } from './commands/shop/factory-list.ts';
import { addFactorySwitches } from './commands/shop/factory-switch.ts';
import { exampleId, invocation } from './session/invocation.ts';
import { addAudit } from './commands/audit/audit-commands.ts';
import { addOrderList } from './commands/orders/order-list.ts';
import { addOrderReveal, addOrderShow } from './commands/orders/order-show.ts';
import type { Session } from './session/session.ts';
import { addStats } from './commands/shop/stats.ts';
import { createPaint } from './terminal/terminal.ts';
import { addToken } from './commands/account/token-new.ts';
import { addWhoami } from './commands/account/whoami.ts';

/** A line of text is hard to read when it is longer. */
const widestHelp = 100;

/**
 * All commands that `args` may be about. It never ends the process: it throws CommanderError, and what the actions throw.
 */
export async function createProgram(session: Session, args: readonly string[] = []): Promise<Command> {
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
    .configureHelp({ styleTitle: (title) => paint('bold', title) })
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText('after', environmentAndExamples);

  program.commandsGroup('Orders:');
  addDead(program, session);
  addOrders(program, session);
  addBulk(program, session);

  program.commandsGroup('The whole shop:');
  addStats(program, session);
  addFactory(program, session);
  addQueue(program, session);
  addAudit(program, session);

  program.commandsGroup('You:');
  program.addHelpCommand(new Command('help').argument('[command]').summary('how a command is used'));
  addWhoami(program, session);
  addToken(program, session);

  // To load what works on Redis takes longer than what the other commands do.
  if (program.commands.some((each) => each.name() === args[0])) return program;
  addCompletion(program, session);
  const { addHostCommands } = await import('./commands/host/host-commands.ts');
  program.commandsGroup('On the host, with REDIS_URL and OUTBOX_DIR:');
  addHostCommands(program, session);
  return program;
}

function addDead(program: Command, session: Session): void {
  const dead = program
    .command('dead')
    .summary('those that need somebody: list, show, replay, edit, discard')
    .description('Dead letters: orders that will not be tried again unless you replay them.')
    .addHelpText('after', deadExamples);
  addOrderList(dead, session, 'dead');
  addOrderShow(dead, session);
  addOrderReveal(dead, session);
  addDeadChange(dead, session, 'replay');
  addDeadEdit(dead, session);
  addDeadChange(dead, session, 'discard');
}

function addOrders(program: Command, session: Session): void {
  const orders = program
    .command('orders')
    .summary('any order: list, show, reveal')
    .description('Any order, whatever its state.')
    .addHelpText('after', ordersExamples);
  addOrderList(orders, session, 'any');
  addOrderShow(orders, session);
  addOrderReveal(orders, session);
}

function addFactory(program: Command, session: Session): void {
  const factory = program
    .command('factory')
    .summary('the factories: list, off, keep-on, auto')
    .description(
      'The factories, as the whole fleet of workers treats them, and the switches that overrule it.',
    )
    .addHelpText('after', factoryExamples);
  addFactoryList(factory, session);
  addFactorySwitches(factory, session);
}

const environmentAndExamples = `
Environment:
  PROOFBOX_URL    the admin API (default: http://127.0.0.1:4001, as of npm start)
  PROOFBOX_TOKEN  your token; npm start keeps one in .data/secrets/admin-token
  NO_COLOR        set it for output without colours
  REDIS_URL, REDIS_KEY_TAG, OUTBOX_DIR
                  for the commands on the host, as the processes there have them

Exit codes:
    0  done
    1  not found, or failed
    2  bad usage
    3  the admin API or Redis cannot be reached: try again
    4  not allowed: no valid token, or its role is too low
  130  stopped with Ctrl-C

Examples:
  export PROOFBOX_TOKEN=$(cat .data/secrets/admin-token)
  ${invocation} dead list
  ${invocation} dead show ${exampleId}
  ${invocation} dead replay --reason expired --dry-run \\
    --why "the outage is over"
  ${invocation} stats --watch
`;

const deadExamples = `
Examples:
  ${invocation} dead list --since 2h
  ${invocation} dead show ${exampleId}
  ${invocation} dead replay ${exampleId} \\
    --why "the factory is mended"
  ${invocation} dead discard ${exampleId} \\
    --why "the diner was refunded"
`;

const factoryExamples = `
Examples:
  ${invocation} factory list
  ${invocation} factory off primary --why "ovens are cleaned"
  ${invocation} factory auto primary --why "the ovens are clean"
`;

const ordersExamples = `
Examples:
  ${invocation} orders list --diner 2 --since 1d
  ${invocation} orders show ${exampleId}
`;
