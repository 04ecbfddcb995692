import type { OrderState } from '@proofbox/contract';
import { changeResult, type BulkAction, type ChangeResult } from '@proofbox/contract/admin';
import { openApi } from '../../api/open-api.ts';
import { orderPath } from '../../api/order-path.ts';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import { confirm } from '../../terminal/confirm.ts';
import { counted } from '../../terminal/format-number.ts';
import { printable, printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint, type Style } from '../../terminal/terminal.ts';

/** What became of one id. */
type Result = ChangeResult | { id: string; result: 'not_found' };

/** Replays or discards orders one by one. Of an id that is not known the others are done all the same. */
export async function changeEach(
  session: Session,
  input: { action: BulkAction; ids: string[]; options: { why: string; yes?: boolean; json?: boolean } },
): Promise<void> {
  const { action, ids, options } = input;
  const { terminal } = session;
  const api = openApi(session);
  if (action === 'discard') {
    const which = ids.length === 1 ? `order ${ids[0]}` : counted(ids.length, 'order');
    await confirm(terminal, { question: `Discard ${printable(which)} for good?`, yes: options.yes });
  }
  const paint = createPaint(terminal);
  const width = Math.max(...ids.map((id) => id.length));
  const results: Result[] = [];
  try {
    for (const id of ids) {
      const result = await changeOne(id);
      results.push(result);
      if (!options.json)
        terminal.out(`${printable(id).padEnd(width)}  ${paint(...resultLabel(action, result))}\n`);
    }
  } finally {
    // When the API goes away half-way, one wants to know how far it came.
    if (options.json) terminal.out(printableJson(results));
  }
  failOn(action, results);

  async function changeOne(id: string): Promise<Result> {
    try {
      return await api.post(orderPath(id, action), changeResult, { why: options.why });
    } catch (error) {
      const isUnknown = error instanceof CommandFailure && error.status === 404;
      if (isUnknown) return { id, result: 'not_found' };
      throw error;
    }
  }
}

function resultLabel(action: BulkAction, result: Result): [Style, string] {
  if (result.result === 'not_found') return ['red', 'not found'];
  if (result.result !== 'unchanged') return ['green', result.result];
  return unchanged[action][result.state];
}

const unchanged: Record<BulkAction, Record<OrderState, [Style, string]>> = {
  replay: {
    queued: ['dim', 'already queued'],
    baking: ['dim', 'already queued, and a factory is baking it'],
    fulfilled: ['dim', 'already fulfilled'],
    discarded: ['yellow', 'was discarded, so it stays as it is'],
    dead: ['yellow', 'unchanged: it is dead'],
    held: ['yellow', 'unchanged: it is held'],
  },
  discard: {
    queued: ['yellow', 'unchanged: it is queued'],
    baking: ['yellow', 'unchanged: it is being baked'],
    fulfilled: ['red', 'is fulfilled: only an order without a receipt can be discarded'],
    discarded: ['dim', 'already discarded'],
    dead: ['yellow', 'unchanged: it is dead'],
    held: ['yellow', 'unchanged: it is held'],
  },
};

/** @throws CommandFailure when an order is not known, or could not be discarded */
function failOn(action: BulkAction, results: Result[]): void {
  const lost = results.filter(({ result }) => result === 'not_found');
  const kept = results.filter(
    (each) => action === 'discard' && each.result === 'unchanged' && each.state !== 'discarded',
  );
  const of = results.length === 1 ? '' : ` of ${counted(results.length, 'order')}`;
  if (lost.length > 0) {
    const message =
      results.length === 1
        ? `There is no order ${printable(lost[0]!.id)}.`
        : `${lost.length}${of} not found.`;
    throw new CommandFailure(exitCodes.failed, message);
  }
  if (kept.length > 0) {
    const message = of === '' ? `${kept[0]!.id} was not discarded.` : `${kept.length}${of} not discarded.`;
    throw new CommandFailure(exitCodes.failed, message);
  }
}
