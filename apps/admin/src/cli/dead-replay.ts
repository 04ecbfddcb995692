import type { Command } from 'commander';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { exampleId, invocation } from './invocation.ts';
import { printable, printableJson } from './printable.ts';
import { replayOrder, type ReplayResult } from './replay-order.ts';
import type { Session } from './session.ts';
import { createPaint, type Style } from './terminal.ts';
import { withLedger } from './with-ledger.ts';

type ReplayOptions = { why?: string; json?: boolean };

/** `proofbox dead replay` */
export function addDeadReplay(dead: Command, session: Session): void {
  dead
    .command('replay')
    .summary('give orders a fresh start')
    .description(
      'Puts dead or held orders back into the queue, with a new deadline and no failures counted against them.\n' +
        'Replaying an order twice is harmless. Each replay is written to the audit log under your user name.',
    )
    .argument('<id...>', 'the orders')
    .option('--why <text>', 'what changed, for the audit log')
    .option('--json', 'one JSON value: [{id, result}]')
    .addHelpText('after', examples)
    .action((ids: string[], options: ReplayOptions) => replayOrders(session, ids, options));
}

const examples = `
Exit code: 0 when every order is known, 1 otherwise.

Examples:
  ${invocation} dead replay ${exampleId} --why "the factory is mended"
  ${invocation} dead list --reason expired --json | jq -r '.deadLetters[].id' | xargs -r ${invocation} dead replay
`;

const words: Record<ReplayResult, [Style, string]> = {
  replayed: ['green', 'replayed'],
  already_queued: ['dim', 'already queued'],
  already_baking: ['dim', 'already queued, and a worker is at it'],
  already_fulfilled: ['dim', 'already fulfilled'],
  already_discarded: ['yellow', 'was discarded, so it stays as it is'],
  not_found: ['red', 'not found'],
};

async function replayOrders(session: Session, ids: string[], options: ReplayOptions): Promise<void> {
  const { terminal, by } = session;
  const paint = createPaint(terminal);
  const width = Math.max(...ids.map((id) => id.length));
  const why = options.why?.trim() || 'no reason given';
  const results: { id: string; result: ReplayResult }[] = [];
  await withLedger(session, async ({ ledger, queue, settings }) => {
    try {
      for (const id of ids) {
        const input = { id, by, why, deadlineMs: settings.ORDER_DEADLINE_MS };
        const result = await replayOrder({ ledger, queue }, input);
        results.push({ id, result });
        if (!options.json) terminal.out(`${printable(id).padEnd(width)}  ${paint(...words[result])}\n`);
      }
    } finally {
      // When Redis goes away half-way, one wants to know how far it came.
      if (options.json) terminal.out(printableJson(results));
    }
  });
  const unknown = results.filter((each) => each.result === 'not_found').length;
  if (unknown === 0) return;
  const message =
    ids.length === 1 ? `There is no order ${ids[0]}.` : `${unknown} of ${ids.length} orders not found.`;
  throw new CommandFailure(exitCodes.failed, message);
}
