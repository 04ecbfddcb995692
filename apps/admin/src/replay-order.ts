import type { OrderState } from '@proofbox/contract';
import type { Changed, Ledger, OrderQueue } from '@proofbox/ledger';

/** What became of one id. Only `replayed` changed anything. */
export type ReplayResult = 'replayed' | `already_${Exclude<OrderState, 'dead' | 'held'>}` | 'not_found';

/**
 * Gives an order a fresh start: first in the ledger, then in the queue, because a worker that finds the job before
 * the order is queued again would drop it. The job is added to an order that waits already, too: that is harmless,
 * and mends a crash between the two.
 */
export async function replayOrder(
  { ledger, queue }: { ledger: Pick<Ledger, 'replay'>; queue: Pick<OrderQueue, 'add'> },
  input: { id: string; deadlineMs: number; by: string; why: string },
): Promise<ReplayResult> {
  const result = resultOf(await ledger.replay(input));
  if (result === 'replayed' || result === 'already_queued' || result === 'already_baking') {
    await queue.add(input.id);
  }
  return result;
}

/** The ledger leaves an order unchanged only in the states that are no dead letter. */
function resultOf({ verdict, state }: Changed): ReplayResult {
  if (verdict === 'replayed') return 'replayed';
  return state === undefined ? 'not_found' : (`already_${state}` as ReplayResult);
}
