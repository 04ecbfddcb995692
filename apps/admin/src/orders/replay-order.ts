import type { OrderIn } from '@proofbox/contract';
import {
  addAgain,
  enqueueReplayed,
  type Changed,
  type EditedReplay,
  type Ledger,
  type OrderEditor,
  type OrderQueue,
} from '@proofbox/ledger';

type Queue = Pick<OrderQueue, 'addAll' | 'inHand'>;

export type Replay = { id: string; deadlineMs: number; by: string; why: string };

/**
 * Gives an order a fresh start: first in the ledger, then in the queue, because a worker that finds the job before
 * the order is queued again would drop it. The job is added to an order that waits already, too: that is harmless,
 * and mends a crash between the two.
 */
export async function replayOrder(
  { ledger, queue }: { ledger: Pick<Ledger, 'replay'>; queue: Queue },
  replay: Replay,
): Promise<Changed> {
  const changed = await ledger.replay(replay);
  await bringToQueue(queue, replay.id, changed);
  return changed;
}

/**
 * The same for an order that is to be another one from now on.
 * @param replay.asOf when the order that was edited had last changed, in ms since the epoch
 * @throws InvalidEdit or OrderTooLarge for an edit that cannot be
 */
export async function replayEditedOrder(
  { editor, queue }: { editor: OrderEditor; queue: Queue },
  replay: Replay & { order: OrderIn; asOf?: number },
): Promise<EditedReplay> {
  const changed = await editor.replayEdited(replay);
  await bringToQueue(queue, replay.id, changed);
  return changed;
}

async function bringToQueue(
  queue: Queue,
  id: string,
  { status, state }: Pick<Changed, 'status' | 'state'>,
): Promise<void> {
  if (status === 'replayed') await enqueueReplayed({ queue, ids: [id] });
  else if (state === 'queued' || state === 'baking') await addAgain({ queue, ids: [id] });
}
