import { pause } from '@proofbox/runtime/every';
import type { OutboxFile } from '../files/outbox-file.ts';
import type { OutboxFiles } from '../files/outbox-files.ts';
import type { Recovery } from './recovery.ts';
import { noteSettlementsIn, type SettledOrders } from './note-settlements.ts';

export type PruneOptions = SettledOrders & {
  files: OutboxFiles;
  keepHours: number;
  recovery: Pick<Recovery, 'isWell' | 'takeOver'>;
  onBroken: (error: Error) => void;
  signal: AbortSignal;
  now?: () => number;
};

const abandonedEveryMs = 60_000;
/** A slice holds up the orders that arrive meanwhile by some milliseconds. */
const prunedAtOnce = 500;
const pagesAtOnce = 250;
const pauseMs = 5;

/**
 * Forgets the copies whose hours have passed; also in the files of processes that are gone, where it writes down how
 * orders were settled as well. While Redis is away or has lost something, all are kept: they may have to be restored.
 * @returns one run, to be called every few seconds
 */
export function createPruning(options: PruneOptions): () => Promise<void> {
  const { files, keepHours, recovery, onBroken, signal, now = Date.now } = options;
  const isWell = (): boolean => recovery.isWell && !signal.aborted;
  let abandonedAt = now();

  /** @param prune forgets a slice, and returns how many; undefined where it could not be done */
  async function pruneAll(prune: (before: number) => number | undefined): Promise<void> {
    const before = now() - keepHours * 3_600_000;
    while (isWell() && prune(before) === prunedAtOnce) await pause(pauseMs, signal);
  }

  async function tend(file: OutboxFile): Promise<void> {
    // What Redis may have lost, or has not had yet, is delivered first.
    if (file.isDue) return;
    try {
      await pruneAll((before) => pruneSlice(file, before));
      if (isWell()) await noteSettlementsIn(file, options);
    } catch (error) {
      onBroken(error as Error);
    }
  }

  return async () => {
    await pruneAll((before) => files.change((file) => pruneSlice(file, before)));
    if (!isWell() || keepHours === 0 || Math.abs(now() - abandonedAt) < abandonedEveryMs) return;
    abandonedAt = now();
    await files.withTakenOver(
      () => recovery.takeOver(),
      async (takenOver) => {
        for (const file of takenOver) await tend(file);
      },
    );
  };
}

function pruneSlice(file: OutboxFile, before: number): number {
  const pruned = file.prune(before, prunedAtOnce);
  if (pruned > 0) file.shrink(pagesAtOnce);
  return pruned;
}
