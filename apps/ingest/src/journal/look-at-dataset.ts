import type { DatasetWatch, RedisWatch, SeenDataset } from '@proofbox/ledger';
import { every } from '@proofbox/runtime';
import type { Journal, JournalFile } from '@proofbox/outbox';
import type { Events } from '../telemetry/events.ts';
import type { Restorer } from './restorer.ts';

export type LookAtDatasetOptions = {
  dataset: DatasetWatch;
  watch: Pick<RedisWatch, 'ask' | 'answers'>;
  journal: Journal | undefined;
  restorer: Pick<Restorer, 'isDue' | 'start'> | undefined;
  /** Whether it is known what was seen before this process. Where it is not, the journal is held against Redis once. */
  isPastKnown: boolean;
  events: Pick<Events, 'datasetSeen'>;
  onError: (error: Error) => void;
  now?: () => number;
};

const intervalMs = 3_000;

/**
 * Looks whether Redis has less than it had, and keeps what it saw in the journal, so that an ingest that is started again
 * knows it, too. What it sees after a loss is kept once all has been put back: until then a restart begins anew.
 */
export function lookAtDataset(options: LookAtDatasetOptions): AsyncDisposable & {
  /** Whether Redis was seen a moment ago, with all that it had. */
  isWell(): boolean;
} {
  const { dataset, watch, journal, restorer, events, onError, now = () => performance.now() } = options;
  let lookedAt = -Infinity;
  let { isPastKnown } = options;

  async function turn(): Promise<void> {
    if (!watch.answers) return;
    events.datasetSeen(await watch.ask(() => dataset.look()));
    lookedAt = now();
    if (!isPastKnown && journal?.change(() => true)) {
      isPastKnown = true;
      restorer?.start();
    }
    if (!isPastKnown || restorer?.isDue) return;
    journal?.change((file) => file.setMark(JSON.stringify(dataset.seen())));
  }
  const loop = every(intervalMs, turn, onError);
  return {
    isWell: () => watch.answers && !restorer?.isDue && now() - lookedAt < 2 * intervalMs,
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  };
}

/** What whoever wrote this file saw last; undefined where there is nothing, or it cannot be read. */
export function readMark(file: JournalFile): SeenDataset | undefined {
  const json = file.mark();
  try {
    return json === undefined ? undefined : (JSON.parse(json) as SeenDataset);
  } catch {
    return undefined;
  }
}

/**
 * What this ingest, or the one before it, saw last. `isKnown`: the journal could be asked, and it is a new one or its
 * mark can be read; otherwise Redis may have lost something that nobody will notice.
 */
export function seenBefore(journal: Journal | undefined): { seen?: SeenDataset; isKnown: boolean } {
  if (!journal) return { isKnown: true };
  try {
    const found = journal.look((file) => ({ seen: readMark(file), isNew: file.mark() === undefined }));
    if (!found) return { isKnown: false };
    return { ...(found.seen && { seen: found.seen }), isKnown: found.isNew || found.seen !== undefined };
  } catch {
    return { isKnown: false };
  }
}
