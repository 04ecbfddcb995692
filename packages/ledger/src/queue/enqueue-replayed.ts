import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderQueue } from './order-queue.ts';

/** A worker removes the job of an order that it has just made a dead letter of within milliseconds. What takes longer, the reconciler mends. */
const longestWaitMs = 2_000;
const lookEveryMs = 25;

type EnqueueReplayed = { queue: Pick<OrderQueue, 'addAll' | 'inHand'>; ids: readonly string[] };

/**
 * Adds replayed orders to the queue. An order that were settled this moment may still have its old job, which would
 * swallow the new one and then be removed: where a worker has the job in hand, the order is added again when it is done.
 */
export async function enqueueReplayed({ queue, ids }: EnqueueReplayed): Promise<void> {
  await addWhenFree({ queue, ids: await addAgain({ queue, ids }) });
}

/** Adds them all now. @returns those that a worker has in hand, for `addWhenFree` */
export async function addAgain({ queue, ids }: EnqueueReplayed): Promise<string[]> {
  // Asked before: a job that is added now may be in hand a moment later, by right.
  const old = await queue.inHand(ids);
  await queue.addAll(ids);
  return old;
}

/** Adds each as soon as no worker has it in hand, but waits no longer than 2 s. */
export async function addWhenFree({ queue, ids }: EnqueueReplayed): Promise<void> {
  const until = performance.now() + longestWaitMs;
  for (let waiting = ids; waiting.length > 0 && performance.now() < until;) {
    await sleep(lookEveryMs);
    const still = new Set(await queue.inHand(waiting));
    await queue.addAll(waiting.filter((id) => !still.has(id)));
    waiting = waiting.filter((id) => still.has(id));
  }
}
