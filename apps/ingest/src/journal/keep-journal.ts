import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger, RedisWatch, SeenDataset } from '@proofbox/ledger';
import { every } from '@proofbox/runtime';
import type { Journal, JournalFile } from '@proofbox/outbox';
import type { Events } from '../telemetry/events.ts';
import { readMark } from './look-at-dataset.ts';
import { noteRestsIn } from './note-rests.ts';
import type { Restorer } from './restorer.ts';

export type KeepJournalOptions = {
  journal: Journal;
  hours: number;
  /** Whether Redis was just seen to have what it had. */
  isWell: () => boolean;
  /** What Redis was last seen to have. */
  seen: () => SeenDataset | undefined;
  restorer: Pick<Restorer, 'start'>;
  ledger: Pick<Ledger, 'find'>;
  watch: Pick<RedisWatch, 'ask' | 'answers'>;
  events: Pick<Events, 'journalBroken'>;
  onError: (error: Error) => void;
  now?: () => number;
};

const intervalMs = 3_000;
const abandonedEveryMs = 60_000;
/** A slice holds up the orders that arrive meanwhile by some milliseconds. */
const prunedAtOnce = 500;
const pagesAtOnce = 250;
const restMs = 5;

/**
 * Lets go of the orders whose hours have passed; also in the files of ingests that are gone, where it writes down how
 * orders came to rest as well. While Redis is away or has lost something, all are kept: they may have to be put back.
 */
export function keepJournal(options: KeepJournalOptions): AsyncDisposable {
  const { journal, hours, restorer, events, onError, now = Date.now } = options;
  const stopping = new AbortController();
  const isWell = (): boolean => options.isWell() && !stopping.signal.aborted;
  let abandonedAt = now();

  /** @param prune forgets a slice, and says how many those were; undefined where it could not be done */
  async function pruneAll(prune: (before: number) => number | undefined): Promise<void> {
    const before = now() - hours * 3_600_000;
    while (isWell() && prune(before) === prunedAtOnce) await pause(restMs);
  }

  async function turn(): Promise<void> {
    await pruneAll((before) => journal.change((file) => pruneSlice(file, before)));
    if (!isWell() || Math.abs(now() - abandonedAt) < abandonedEveryMs) return;
    abandonedAt = now();
    await journal.withAbandoned(
      async (file) => {
        // Its process was killed before it had put back what Redis lost, and nobody else could go through it then.
        if (missedALoss(file, options.seen())) return restorer.start();
        await pruneAll((before) => pruneSlice(file, before));
        if (isWell()) await noteRestsIn(file, options);
      },
      (error) => events.journalBroken(error),
    );
  }
  const loop = every(intervalMs, turn, onError);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await loop[Symbol.asyncDispose]();
    },
  };
}

function missedALoss(file: JournalFile, seen: SeenDataset | undefined): boolean {
  if (file.isDue()) return true;
  const mark = readMark(file);
  return mark !== undefined && seen !== undefined && (mark.id !== seen.id || mark.accepted > seen.accepted);
}

function pruneSlice(file: JournalFile, before: number): number {
  const pruned = file.prune(before, prunedAtOnce);
  if (pruned > 0) file.shrink(pagesAtOnce);
  return pruned;
}
