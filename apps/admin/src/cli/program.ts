import { Command } from 'commander';
import { addAudit } from './audit.ts';
import { addDeadDiscard } from './dead-discard.ts';
import { addDeadList } from './dead-list.ts';
import { addDeadReplay } from './dead-replay.ts';
import { addFactorySwitches } from './factory-force.ts';
import { addFactoryList } from './factory-list.ts';
import { exampleId, invocation } from './invocation.ts';
import type { Session } from './session.ts';
import { addShow } from './show-order.ts';
import { addStats } from './stats.ts';

/** All commands. It never ends the process: it throws CommanderError, and what the actions throw. */
export function createProgram(session: Session): Command {
  const { out, err, hasColours } = session.terminal;
  const program = new Command('proofbox')
    .description(
      'Finds, explains, replays and discards orders that were not fulfilled, and switches factories off and on.',
    )
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err, getOutHasColors: () => hasColours })
    .addHelpText('after', environmentAndExamples);

  const dead = program
    .command('dead')
    .summary('orders that need somebody: list, show, replay, discard')
    .description('Dead letters: orders that will not be tried again unless you replay them.')
    .addHelpText('after', deadExamples);
  addDeadList(dead, session);
  addShow(dead, session);
  addDeadReplay(dead, session);
  addDeadDiscard(dead, session);

  const orders = program
    .command('orders')
    .summary('any order: show')
    .description('Any order, whatever its state.')
    .addHelpText('after', ordersExample);
  addShow(orders, session);

  const factory = program
    .command('factory')
    .summary('the factories: list, force-open, force-close, auto')
    .description(
      'The factories, as the whole fleet of workers treats them, and the switches that overrule it.',
    )
    .addHelpText('after', factoryExamples);
  addFactoryList(factory, session);
  addFactorySwitches(factory, session);

  addStats(program, session);
  addAudit(program, session);
  return program;
}

const environmentAndExamples = `
Environment:
  REDIS_URL          the Redis of your Proofbox (npm start uses redis://127.0.0.1:4379)
  REDIS_KEY_TAG      the hash tag of its keys (default: proofbox)
  ORDER_DEADLINE_MS  the time a replayed order gets (default: 86400000, a day)
  NO_COLOR           set it for output without colours

Exit codes:
  0 done   1 not found, or failed   2 bad usage   3 Redis cannot be reached

Examples:
  export REDIS_URL=redis://127.0.0.1:4379
  ${invocation} dead list
  ${invocation} dead show ${exampleId}
  ${invocation} dead replay ${exampleId}
`;

const deadExamples = `
Examples:
  ${invocation} dead list --oldest
  ${invocation} dead show ${exampleId}
  ${invocation} dead replay ${exampleId} --why "the factory is mended"
  ${invocation} dead discard ${exampleId} --why "the diner was refunded"
`;

const factoryExamples = `
Examples:
  ${invocation} factory list
  ${invocation} factory force-open primary --why "ovens are cleaned until 14:00"
  ${invocation} factory auto primary --why "the ovens are clean"
`;

const ordersExample = `
Example:
  ${invocation} orders show ${exampleId}
`;
