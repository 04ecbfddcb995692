import type { Command } from 'commander';
import { notFound } from './command-failure.ts';
import { exampleId, invocation } from './invocation.ts';
import { orderView } from './order-view.ts';
import { printableJson } from './printable.ts';
import type { Session } from './session.ts';
import { toShownOrder } from './shown-order.ts';
import { createPaint } from './terminal.ts';
import { withLedger } from './with-ledger.ts';

/** `proofbox dead show` and `proofbox orders show`: the same story, found where one looks for it. */
export function addShow(parent: Command, session: Session): void {
  parent
    .command('show')
    .summary('what happened to one order')
    .description(
      'Tells the whole story of one order: what was ordered, where it stands and why, every attempt, and what to do next.\n' +
        "The diner's name and e-mail and the receipt are not shown.",
    )
    .argument('<id>', 'the order')
    .option('--json', 'one JSON value; times in ms since the epoch')
    .addHelpText(
      'after',
      `
Examples:
  ${invocation} ${parent.name()} show ${exampleId}
  ${invocation} ${parent.name()} show ${exampleId} --json | jq '.attempts[-1]'
`,
    )
    .action((id: string, options: { json?: boolean }) => showOrder(session, id, options));
}

async function showOrder(session: Session, id: string, options: { json?: boolean }): Promise<void> {
  const { terminal, now } = session;
  await withLedger(session, async ({ ledger }) => {
    const record = await ledger.find(id);
    if (record === undefined) throw notFound(id);
    const shown = toShownOrder(record);
    terminal.out(
      options.json ? printableJson(shown) : orderView(shown, { paint: createPaint(terminal), now }),
    );
  });
}
