import type { DatasetWatch, RedisWatch, SeenDataset } from '@proofbox/ledger';
import { every } from '@proofbox/runtime';
import type { Journal } from '@proofbox/spool';
import type { Events } from '../events.ts';
import type { Restorer } from './restorer.ts';

export type LookAtDatasetOptions = {
  dataset: DatasetWatch;
  watch: Pick<RedisWatch, 'ask' | 'answers'>;
  journal: Journal | undefined;
  restorer: Pick<Restorer, 'isDue'> | undefined;
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
  const { dataset, watch, journal, restorer, events, onError, now = Date.now } = options;
  let lookedAt = -Infinity;

  async function turn(): Promise<void> {
    if (!watch.answers) return;
    events.datasetSeen(await watch.ask(() => dataset.look()));
    lookedAt = now();
    if (restorer?.isDue) return;
    journal?.change((file) => file.setMark(JSON.stringify(dataset.seen())));
  }
  const loop = every(intervalMs, turn, onError);
  return {
    isWell: () => watch.answers && !restorer?.isDue && now() - lookedAt < 2 * intervalMs,
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  };
}

/** What this ingest, or the one before it, saw last; undefined where that cannot be read. */
export function seenBefore(journal: Journal | undefined): SeenDataset | undefined {
  try {
    const json = journal?.look((file) => file.mark());
    return json === undefined ? undefined : (JSON.parse(json) as SeenDataset);
  } catch {
    return undefined;
  }
}
