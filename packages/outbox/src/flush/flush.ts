import { pause } from '@proofbox/runtime/every';
import type { Doubt, OutboxFile } from '../files/outbox-file.ts';
import type { Batch } from '../files/outbox-row.ts';
import { deliver, type Delivery, type Target } from './deliver.ts';

export type FlushOptions = Target & {
  signal: AbortSignal;
  /** Whether those that Redis may have lost are delivered, too. */
  isRestoring: boolean;
  /** Whether delivered orders are kept as second copies. */
  keepsCopies: boolean;
  /** Called with what became of a batch. */
  onBatch: (batch: FlushedBatch) => Promise<void> | void;
  /** Called when a file cannot be read, or what was delivered cannot be written down in it. */
  onBroken: (error: Error) => void;
};

/** `doubt`: Redis had these rows, and may have lost them. `broken`: rows that cannot be read. */
export type FlushedBatch = Pick<Batch, 'broken'> & {
  file: OutboxFile;
  doubt: Doubt | undefined;
  deliveries: Delivery[];
};

/** New orders come first: Redis gets small bites, and some time in between. */
const batchSize = 100;
const pauseMs = 20;

/** Why an order is set aside. */
const conflict = 'Redis has another order with its Idempotency-Key, which was taken first or after a loss';
const unreadable = 'it cannot be read';

/**
 * Delivers what Redis lacks of one file, oldest first, as long as Redis is fit: orders that it does not have yet, and
 * those that it may have lost. An order that fails alone holds up no other: it is tried at the next flush.
 * @returns whether the end was reached, or nothing more can be read
 * @throws Error when Redis fails: the next flush goes on where this one was
 */
export async function flushFile(file: OutboxFile, options: FlushOptions): Promise<boolean> {
  const { watch, signal, onBroken, onBatch } = options;
  for (let after = 0; file.isDue;) {
    if (signal.aborted || watch.condition.state !== 'fit') return false;
    const batch = readNext(file, after, options);
    if (!batch) return true;
    const { rows, broken, doubt, lastSeq } = batch;
    const deliveries = await deliver(rows, options);
    // Where the doubt has begun anew meanwhile, this is the one before.
    if (doubt) doubt.after = lastSeq;
    else after = lastSeq;
    try {
      writeDown(file, { deliveries, broken }, options);
    } catch (error) {
      // They are given again, which changes nothing.
      onBroken(error as Error);
    }
    await onBatch({ file, doubt, broken, deliveries });
    await pause(pauseMs, signal);
  }
  return true;
}

/** @returns undefined when there is nothing more, or nothing can be read */
function readNext(
  file: OutboxFile,
  after: number,
  { isRestoring, onBroken }: FlushOptions,
): (Batch & Pick<FlushedBatch, 'doubt'>) | undefined {
  try {
    const fresh = file.undelivered(after, batchSize);
    if (fresh.lastSeq > 0) return { ...fresh, doubt: undefined };
    const doubt = isRestoring ? file.doubt : undefined;
    const doubted = doubt && file.delivered(doubt, batchSize);
    return doubted && doubted.lastSeq > 0 ? { ...doubted, doubt } : undefined;
  } catch (error) {
    onBroken(error as Error);
    return undefined;
  }
}

function writeDown(
  file: OutboxFile,
  { deliveries, broken }: Pick<FlushedBatch, 'deliveries' | 'broken'>,
  { keepsCopies }: FlushOptions,
): void {
  const at = Date.now();
  const given = deliveries.filter(({ status }) => status !== 'conflict' && status !== 'failed');
  const conflicted = deliveries.filter(({ status }) => status === 'conflict');
  const write = (): void => {
    file.markDelivered(
      given.map(({ row }) => row),
      { at, isKept: keepsCopies },
    );
    for (const { row } of conflicted) file.setAside({ ...row, why: conflict, at });
    for (const row of broken) file.setAside({ ...row, why: unreadable, at });
  };
  file.commit(write, { isSynced: false });
}
