import type { OrderState } from '@proofbox/contract';
import type { Changed } from '@proofbox/ledger';
import type { Command } from 'commander';
import { CommandFailure, exitCodes, notFound } from './command-failure.ts';
import { exampleId, invocation } from './invocation.ts';
import { printableJson } from './printable.ts';
import type { Session } from './session.ts';
import { createPaint } from './terminal.ts';
import { whyOption } from './why-option.ts';
import { withLedger } from './with-ledger.ts';

type DiscardOptions = { why: string; json?: boolean };

/** `proofbox dead discard` */
export function addDeadDiscard(dead: Command, session: Session): void {
  dead
    .command('discard')
    .summary('give up on an order')
    .description(
      'Gives up on a dead or held order, for good: it is kept, and never tried again.\n' +
        'The reason is written to the audit log with your user name.',
    )
    .argument('<id>', 'the order')
    .addOption(whyOption())
    .option('--json', 'one JSON value: {id, result}')
    .addHelpText(
      'after',
      `
Example:
  ${invocation} dead discard ${exampleId} --why "the diner was refunded"
`,
    )
    .action((id: string, options: DiscardOptions) => discardOrder(session, id, options));
}

async function discardOrder(session: Session, id: string, { why, json }: DiscardOptions): Promise<void> {
  const { terminal, by } = session;
  await withLedger(session, async ({ ledger }) => {
    const result = resultOf(id, await ledger.discard({ id, by, why }));
    const text = result === 'discarded' ? 'discarded' : 'already discarded';
    terminal.out(json ? printableJson({ id, result }) : `${id}  ${createPaint(terminal)('green', text)}\n`);
  });
}

/** @throws CommandFailure when there was nothing to give up on */
function resultOf(id: string, { verdict, state }: Changed): 'discarded' | 'already_discarded' {
  if (verdict === 'discarded') return 'discarded';
  if (state === undefined) throw notFound(id);
  if (state === 'discarded') return 'already_discarded';
  const message = `${id} is ${whereabouts[state]}: only a dead or held order can be discarded.`;
  throw new CommandFailure(exitCodes.failed, message);
}

const whereabouts: Record<Exclude<OrderState, 'discarded'>, string> = {
  queued: 'in the queue',
  baking: 'being baked',
  fulfilled: 'fulfilled already',
  dead: 'dead',
  held: 'held',
};
