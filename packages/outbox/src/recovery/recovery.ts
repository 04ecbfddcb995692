import { hostname } from 'node:os';
import {
  reportRestore,
  watchDataset,
  type connectFailingFast,
  type DatasetLoss,
  type DatasetWatch,
  type Names,
  type RedisWatch,
  type RestoreProgress,
  type SeenDataset,
} from '@proofbox/ledger';
import type { OutboxFile } from '../files/outbox-file.ts';
import type { OutboxFiles } from '../files/outbox-files.ts';
import type { FlushedBatch } from '../flush/flush.ts';

export type RecoveryOptions = {
  files: OutboxFiles;
  keepsCopies: boolean;
  redis: ReturnType<typeof connectFailingFast>;
  names: Names;
  watch: Pick<RedisWatch, 'ask' | 'answers'>;
  /** Redis' own. `doubt`: why nothing may expire now. */
  clock: { now: () => number; doubt: () => string | undefined };
  events: RecoveryEvents;
};

export type RecoveryEvents = {
  /** A file cannot be read or written. */
  outboxBroken(error: Error): void;
  restoreDone(progress: RestoreProgress): void;
  /** Whether Redis has lost something that nobody has acknowledged yet. Called after each look. */
  datasetSeen(loss: DatasetLoss | undefined): void;
};

/** How often `look` is to be called. */
export const lookEveryMs = 3_000;
const reportEveryMs = 1_000;

/**
 * Notices that Redis has less than it had, knows which copies it may have lost, and how far the flush is with comparing
 * them. What was seen of Redis is kept in the outbox, so that an ingest that is started again knows it, too; what is seen
 * after a loss is kept once all is restored: until then a restart begins anew.
 */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #dataset: DatasetWatch;
  /** Whether its own file could not be opened when it was last known what Redis had. */
  #isOwnMissed: boolean;
  #lookedAt = -Infinity;
  /** This process's own file, once it is known whether Redis may have lost copies of it. */
  #checked: OutboxFile | undefined;
  #progress: RestoreProgress | undefined;
  #reportedAt = -Infinity;
  #isReported = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    const { files, redis, names } = options;
    const seen = files.own && seenIn(files.own);
    const seenBefore = seen === 'unreadable' ? undefined : seen;
    this.#dataset = watchDataset({ redis, names, seenBefore, onLoss: () => this.#begin() });
    this.#isOwnMissed = files.own === undefined;
  }

  get loss(): DatasetLoss | undefined {
    return this.#dataset.loss();
  }

  /** Of the last time, or of this one. */
  get progress(): RestoreProgress | undefined {
    return this.#progress;
  }

  /** Whether there are copies that Redis may have lost. */
  get #isRunning(): boolean {
    return this.#options.files.all.some(({ doubt }) => doubt !== undefined);
  }

  /** Whether Redis was seen a moment ago, with all that it had: then copies may expire. */
  get isWell(): boolean {
    const isSeen = performance.now() - this.#lookedAt < 2 * lookEveryMs;
    const { watch, clock } = this.#options;
    return watch.answers && isSeen && !this.#isRunning && clock.doubt() === undefined;
  }

  /** Looks at what Redis is, if it answers. */
  async look(): Promise<void> {
    const { files, watch, events } = this.#options;
    if (!watch.answers) return;
    events.datasetSeen(await watch.ask(() => this.#dataset.look()));
    this.#lookedAt = performance.now();
    const own = files.own ?? files.change((file) => file);
    if (own && own !== this.#checked && (this.#isOwnMissed || this.#mayBeLost(own))) this.#doubt(own);
    this.#checked = own;
    if (own) this.#isOwnMissed = false;
    if (!this.#isRunning) files.change((file) => (file.seen = JSON.stringify(this.#dataset.seen())));
  }

  /** Takes over the files of processes that are gone, and finds out whether Redis may have lost copies of them. */
  takeOver(): void {
    const { files, events } = this.#options;
    for (const file of files.takeOver((error) => events.outboxBroken(error)))
      if (this.#mayBeLost(file)) this.#doubt(file);
  }

  /** Counts what the flush has compared. */
  count({ file, doubt, deliveries }: FlushedBatch): void {
    const progress = this.#progress;
    // Where the doubt has begun anew meanwhile, these are compared again.
    if (!doubt || !progress || file.doubt !== doubt) return;
    const countOf = (...statuses: string[]): number =>
      deliveries.filter(({ status }) => statuses.includes(status)).length;
    progress.looked += deliveries.length;
    progress.restored += countOf('restored', 'settled');
    progress.failed += countOf('failed', 'conflict');
  }

  /** This file has been compared to its end. */
  end(file: OutboxFile): void {
    const { events } = this.#options;
    const seen = this.#dataset.seen();
    try {
      file.endDoubt(seen && JSON.stringify(seen));
    } catch (error) {
      events.outboxBroken(error as Error);
    }
    const progress = this.#progress;
    if (!progress || progress.isDone || this.#isRunning) return;
    // What could not be read, or not to its end.
    progress.failed += progress.of - progress.looked;
    progress.isDone = true;
    events.restoreDone(progress);
  }

  /** Puts into Redis how far this ingest is: now and then, and at the end. @throws Error when Redis fails; it is tried again */
  async report(): Promise<void> {
    const progress = this.#progress;
    const { files, redis, names, watch, clock } = this.#options;
    if (!progress || this.#isReported || !watch.answers) return;
    if (!progress.isDone && performance.now() - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = performance.now();
    progress.at = clock.now();
    const by = `${hostname()} ${files.own?.path ?? process.pid}`;
    await watch.ask(() => reportRestore({ redis, names }, by, progress));
    this.#isReported = progress.isDone;
  }

  /** Redis has lost something: all copies are compared with it, from the first one on, also where that was under way. */
  #begin(): void {
    const { files, keepsCopies, events } = this.#options;
    if (!keepsCopies) return;
    this.#progress = undefined;
    files.takeOver((error) => events.outboxBroken(error));
    for (const file of files.all) this.#doubt(file);
    this.#checked = files.own;
    this.#isOwnMissed = files.own === undefined;
  }

  /** Its process was killed before it had restored what Redis lost, or before it had noticed that. */
  #mayBeLost(file: OutboxFile): boolean {
    const [last, seen] = [seenIn(file), this.#dataset.seen()];
    if (file.doubt !== undefined || last === 'unreadable') return true;
    return last !== undefined && seen !== undefined && (last.id !== seen.id || last.accepted > seen.accepted);
  }

  #doubt(file: OutboxFile): void {
    if (this.#progress === undefined || this.#progress.isDone)
      this.#progress = { of: 0, looked: 0, restored: 0, failed: 0, isDone: false, at: 0 };
    this.#isReported = false;
    this.#progress.of += file.counts.delivered;
    try {
      file.startDoubt();
    } catch (error) {
      // It is compared all the same.
      this.#options.events.outboxBroken(error as Error);
    }
  }
}

/** What the process that wrote this file saw last; undefined where there is nothing. */
function seenIn(file: OutboxFile): SeenDataset | 'unreadable' | undefined {
  try {
    return file.seen === undefined ? undefined : (JSON.parse(file.seen) as SeenDataset);
  } catch {
    return 'unreadable';
  }
}
