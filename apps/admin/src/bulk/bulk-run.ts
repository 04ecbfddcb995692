import { setTimeout as delay } from 'node:timers/promises';
import { InvalidCursor } from '@proofbox/ledger';
import type { BulkBatch, BulkTasks, BulkLease } from '@proofbox/ledger/operations';
import { createHold } from './bulk-hold.ts';
import { createExecutor, type BulkExecutorOptions } from './bulk-executor.ts';
import { createInFlight } from './in-flight.ts';
import { createRateMeter } from './rate-meter.ts';
import { createTokenBucket } from './token-bucket.ts';
import { describeError } from '../http/describe-error.ts';

export type BulkRunOptions = Omit<BulkExecutorOptions, 'meter'> & {
  tasks: Pick<BulkTasks, 'end'>;
  /** ms, from any moment on: what the rate is held by. */
  clock?: () => number;
};

/**
 * Orders are moved in pieces. Several may be under way, because Redis syncs each to its disk; not so many that they would
 * time out on a Redis that is slow.
 */
const pieceMs = 100;
const largestPiece = 200;
const mostPieces = 3;
/** A batch is what the rate gives in this time. It is found while the one before is moved. */
const batchMs = 1_000;
const backOffMs = { first: 500, longest: 5_000 };

/**
 * Works on one task until it is done, or it is paused, aborted or taken over, or `signal` aborts. Trouble is
 * reported and waited for, and then the batch is gone through again: what it had moved is not moved or counted twice.
 */
export async function runBulkTask(
  options: BulkRunOptions,
  taken: BulkLease & { leftovers: string[] },
  signal: AbortSignal,
): Promise<void> {
  const { leases, tasks, events, onError, clock = () => performance.now() } = options;
  const { task, leftovers } = taken;
  const bucket = createTokenBucket({ perSecond: task.rate, now: clock });
  const meter = createRateMeter(clock);
  const hold = createHold({ leases, lease: taken, perSecond: () => meter.perSecond(), clock, signal });
  const executor = createExecutor({ ...options, meter });
  const pieces = createInFlight(mostPieces);
  const ordersIn = (ms: number): number => Math.max(1, Math.round((task.rate * ms) / 1_000));
  let lease: BulkLease = taken;
  let nextBatch: Promise<BulkBatch> | undefined;
  let isOurs = true;

  function find(cursor: string | undefined): Promise<BulkBatch> {
    const found = leases.next({ ...lease, cursor }, ordersIn(batchMs));
    // It is waited for later, or not at all.
    found.catch(() => undefined);
    return found;
  }

  async function movePiece(ids: string[]): Promise<void> {
    if (!(await executor.move(lease, ids))) isOurs = false;
  }

  /** Ends early when a piece fails, or when the lease is lost. */
  async function moveAtRate(ids: string[]): Promise<void> {
    for (let from = 0; from < ids.length && isOurs && !pieces.hasFailed;) {
      const wanted = Math.min(ids.length - from, ordersIn(pieceMs), largestPiece);
      isOurs = await hold.sleep(bucket.msUntil(wanted));
      const piece = isOurs ? ids.slice(from, from + bucket.take(wanted)) : [];
      if (piece.length > 0) await pieces.start(() => movePiece(piece));
      from += piece.length;
    }
    await pieces.settle();
  }

  /** @returns whether there is more to do, for us */
  async function moveBatch(): Promise<boolean> {
    const { ids, nextCursor } = await (nextBatch ?? find(lease.cursor));
    nextBatch = nextCursor === undefined ? undefined : find(nextCursor);
    await moveAtRate(ids);
    if (!isOurs) return false;
    if (nextCursor === undefined) {
      const ended = await tasks.end({ id: task.id, by: task.by, why: task.why, holder: lease.holder });
      if (ended?.state === 'done') events.taskEnded(ended);
      return false;
    }
    const advanced = await leases.advance(lease, nextCursor);
    lease = advanced ?? lease;
    return advanced !== undefined && hold.isOurs();
  }

  /** @returns whether the lease is still ours after the wait */
  async function waitOut(error: unknown, times: number): Promise<boolean> {
    const trouble = describeError(error);
    nextBatch = undefined;
    await pieces.settle().catch(() => undefined);
    events.taskInTrouble(task, trouble);
    // A cursor of another release: what was moved is not found again, so there is no harm in beginning anew.
    if (error instanceof InvalidCursor && 'filter' in task.target) lease = { ...lease, cursor: undefined };
    const ms = Math.min(backOffMs.first * 2 ** times, backOffMs.longest);
    await delay(ms, undefined, { signal }).catch(() => undefined);
    // Where even this fails, the next try reports it.
    return !signal.aborted && hold.keep(trouble).catch(() => true);
  }

  // What another process moved in the ledger before, and may not have put into the queue.
  let before = task.action === 'replay' ? leftovers : [];
  let failures = 0;
  for (let goesOn = true; goesOn;) {
    try {
      await executor.enqueueReplayed(before);
      before = [];
      goesOn = await moveBatch();
      failures = 0;
    } catch (error) {
      goesOn = await waitOut(error, failures);
      failures += 1;
    }
  }
  await executor.settle();
  await leases.giveBack(lease).catch(onError);
}
