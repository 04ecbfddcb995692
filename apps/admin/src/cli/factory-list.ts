import { factoryNames } from '@proofbox/contract';
import { countWorkers, createVerdictBoard } from '@proofbox/ledger';
import type { Command } from 'commander';
import { factoriesView } from './factory-view.ts';
import { invocation } from './invocation.ts';
import { printableJson } from './printable.ts';
import type { Session } from './session.ts';
import { toShownFactory } from './shown-factory.ts';
import { createPaint } from './terminal.ts';
import { withLedger } from './with-ledger.ts';

/** `proofbox factory list` */
export function addFactoryList(factory: Command, session: Session): void {
  factory
    .command('list')
    .summary('how the fleet treats each factory, and why')
    .description('Shows what the workers hold of each factory, since when, and why.')
    .option('--json', 'one JSON value: {workers, factories}; times in ms since the epoch')
    .addHelpText('after', conditions)
    .action((options: { json?: boolean }) => listFactories(session, options));
}

const conditions = `
Conditions:
  closed          it is sent orders
  open            too many orders failed there: it is sent none until the time is over
  half_open       the time is over: one order is tried
  out_of_service  it refuses us (401, 403, 404, 405): our settings are wrong
  forced_open     an operator said so, whatever the workers find
  forced_closed   an operator said so, whatever the workers find

Example:
  ${invocation} factory list --json | jq '.factories[] | {factory, condition, cause}'
`;

async function listFactories(session: Session, options: { json?: boolean }): Promise<void> {
  const { terminal, now } = session;
  await withLedger(session, async ({ redis, names, onError }) => {
    const board = createVerdictBoard({ redis, names, onError });
    const [workers] = await Promise.all([countWorkers({ redis, names }), board.refresh()]);
    const factories = factoryNames.map((name) => toShownFactory(board.get(name), now));
    const view = { paint: createPaint(terminal), now };
    terminal.out(
      options.json ? printableJson({ workers, factories }) : factoriesView({ workers, factories }, view),
    );
  });
}
