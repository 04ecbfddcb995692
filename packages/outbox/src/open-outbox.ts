import type { OrderRecord } from '@proofbox/contract';
import { describeLoss, type Ledger, type RedisWatch, type SettledNotifier } from '@proofbox/ledger';
import { every, stopAll } from '@proofbox/runtime/every';
import type { OutboxLocation } from './files/claims.ts';
import { OutboxFiles } from './files/outbox-files.ts';
import type { Target } from './flush/deliver.ts';
import { flushFile, type FlushedBatch } from './flush/flush.ts';
import { createSettlementNotes } from './recovery/note-settlements.ts';
import { createPruning } from './recovery/prune.ts';
import { lookEveryMs, Recovery, type RecoveryEvents, type RecoveryOptions } from './recovery/recovery.ts';
import { settlementOf } from './recovery/settlement-of.ts';

/** What happens in an outbox, for logs and metrics. */
export type OutboxEvents = RecoveryEvents & {
  /** The disk cannot be used for second copies; undefined: it can again. */
  outboxTrouble(trouble: string | undefined): void;
  /** So many orders were taken by Redis and have no second copy. */
  copiesMissed(orders: number): void;
  /** So many orders of a process that is gone are delivered by this one. */
  tookOver(orders: number): void;
  /** What became of some rows. `left`: so many orders Redis does not have yet. */
  flushed(batch: FlushedBatch, left: number): void;
  /** Redis failed meanwhile: what was under way is tried again. */
  flushFailed(error: Error): void;
};

export type OutboxOptions = OutboxLocation &
  Target &
  Pick<RecoveryOptions, 'redis' | 'names' | 'clock'> & {
    /** Most orders that wait for Redis. */
    maxOrders: number;
    /** How long a second copy of each order is kept. 0: there are none. */
    keepHours: number;
    watch: Pick<RedisWatch, 'answers'>;
    ledger: Pick<Ledger, 'find'>;
    /** Notifies of orders that are settled. */
    notifier: Pick<SettledNotifier, 'watch'>;
    events: OutboxEvents;
    onError: (error: Error) => void;
  };

export type Outbox = AsyncDisposable & {
  orders: Pick<
    OutboxFiles,
    'put' | 'keep' | 'recall' | 'find' | 'count' | 'oldestAt' | 'obstacle' | 'copyObstacle'
  >;
  /** Writes down how an order was settled, if it was and its copy is here. */
  noteSettled(order: OrderRecord): void;
  /** What Redis has lost, as text for an operator, until an operator acknowledges it. */
  readonly lossNote: string | undefined;
};

const lossWithoutCopies =
  'Redis came back with less than it had, and this ingest keeps no copies (OUTBOX_KEEP_HOURS=0) from which orders could be restored. When you are satisfied, run `proofbox reconcile --acknowledge-loss`.';

const flushEveryMs = 250;
const takeOverEveryMs = 10_000;
const noteEveryMs = 1_000;
const pruneEveryMs = 3_000;

/**
 * Opens the orders on the local disk, and looks after them until it is disposed of: delivers to Redis what it does not
 * have yet or has lost, also for processes that are gone; notices a loss; and forgets the copies whose hours have passed.
 * It starts without Redis, and without a disk.
 */
export function openOutbox(options: OutboxOptions): Outbox {
  const { events } = options;
  const keepsCopies = options.keepHours > 0;
  const stopping = new AbortController();
  const { signal } = stopping;
  const onBroken = (error: Error): void => events.outboxBroken(error);
  const files = new OutboxFiles({
    ...options,
    keepsCopies,
    onTrouble: (trouble) => events.outboxTrouble(trouble),
    onMissed: (orders) => events.copiesMissed(orders),
  });
  const recovery = new Recovery({ ...options, files, keepsCopies });

  async function onBatch(batch: FlushedBatch): Promise<void> {
    events.flushed(batch, files.count('undelivered'));
    recovery.count(batch);
    await recovery.report();
  }
  let tookOverAt = -Infinity;
  function takeOver(): void {
    if (performance.now() - tookOverAt < takeOverEveryMs) return;
    tookOverAt = performance.now();
    const before = files.count('undelivered');
    recovery.takeOver();
    const orders = files.count('undelivered') - before;
    if (orders > 0) events.tookOver(orders);
  }
  async function flush(): Promise<void> {
    const given = { ...options, keepsCopies, signal, onBatch, onBroken };
    await files.withTakenOver(takeOver, async () => {
      for (const file of files.all) await flushFile(file, { ...given, isRestoring: false });
      for (const file of files.all) {
        const { doubt } = file;
        const isAtEnd = await flushFile(file, { ...given, isRestoring: true });
        if (isAtEnd && doubt && file.doubt === doubt) recovery.end(file);
      }
    });
    await recovery.report();
  }

  const { onError } = options;
  const loops = [
    every(flushEveryMs, flush, (error) => events.flushFailed(error)),
    every(lookEveryMs, () => recovery.look(), onError),
    every(noteEveryMs, createSettlementNotes({ ...options, files }), onError),
    every(pruneEveryMs, createPruning({ ...options, files, recovery, signal, onBroken }), onError),
  ];

  return {
    orders: files,
    noteSettled(order) {
      const settlement = settlementOf(order);
      if (settlement) files.settle(order.id, settlement);
    },
    get lossNote() {
      if (!recovery.loss) return undefined;
      return keepsCopies ? describeLoss(recovery.progress) : lossWithoutCopies;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await stopAll(loops);
      files[Symbol.dispose]();
    },
  };
}
