import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';

/**
 * Redis came back with less than this fleet had seen in it. `other_dataset`: empty, or of another shop;
 * `older_dataset`: an older file. `acceptedBefore` is what the process that noticed had seen last.
 */
export type DatasetLoss = {
  /** ms since the epoch */
  noticedAt: number;
  kind: 'other_dataset' | 'older_dataset';
  acceptedBefore: number;
  acceptedAfter: number;
};

export type DatasetWatch = {
  /**
   * Looks again. @param options.beat this process is the one that moves the mark on
   * @returns the loss, until an operator acknowledges it
   */
  look(options?: { beat?: boolean }): Promise<DatasetLoss | undefined>;
  /** As of the last look. */
  loss(): DatasetLoss | undefined;
  /** Whether this process was running when it happened, and has seen it: a process that starts later only reads of it. */
  hasSeenLoss(): boolean;
  /** What the last look saw. */
  seen(): SeenDataset | undefined;
};

/** By what a dataset is known again. `beat` moves on all the time. */
export type SeenDataset = { id: string; beat: number; accepted: number };

export type DatasetWatchOptions = {
  redis: Redis;
  names: Names;
  /** For tests: in place of Redis' own clock. */
  now?: () => number;
  /** What this process's predecessor had seen last, where it was kept. */
  seenBefore?: SeenDataset | undefined;
  /** Called once for each loss that this process notices, or learns of. */
  onLoss?: () => void;
};

/**
 * Notices a Redis that came back with less, by a mark that every dataset gets once and that moves on all the time, and by
 * the number of accepted orders. What it compares with is only in the memory of the processes, unless they keep it
 * (`seenBefore`): a fleet that is started anew together with an emptied Redis cannot know, and neither can one that has
 * accepted as many orders again since.
 */
export function watchDataset({
  redis,
  names,
  now,
  seenBefore,
  onLoss = () => {},
}: DatasetWatchOptions): DatasetWatch {
  const script = defineScript(redis, new URL('./look-at-dataset.lua', import.meta.url), { keys: 2 });
  let seen = seenBefore;
  let loss: DatasetLoss | undefined;
  let hasSeenLoss = false;

  return {
    async look({ beat = false } = {}) {
      const before = seen;
      const [id, newBeat, accepted, lossFields] = (await script(
        names.dataset,
        names.counters,
        now?.() ?? '',
        randomUUID(),
        beat ? 'beat' : '',
        before?.id ?? '',
        before?.beat ?? '',
        before?.accepted ?? '',
      )) as [string, number, number, StoredLoss];
      seen = { id, beat: newBeat, accepted };
      const knownBefore = loss?.noticedAt;
      loss = toLoss(lossFields);
      const isLess =
        before !== undefined && (id !== before.id || newBeat < before.beat || accepted < before.accepted);
      hasSeenLoss = loss !== undefined && (hasSeenLoss || isLess);
      if (isLess || (loss !== undefined && loss.noticedAt !== knownBefore)) onLoss();
      return loss;
    },
    loss: () => loss,
    seen: () => seen,
    hasSeenLoss: () => hasSeenLoss,
  };
}

/**
 * Ends the alarm, with an audit entry, and forgets the progress of restoring orders.
 * @returns the loss that was acknowledged, or undefined when there was none
 */
export async function acknowledgeLoss({
  redis,
  names,
  by,
  why = 'no reason given',
  now,
}: {
  redis: Redis;
  names: Names;
  by: string;
  why?: string;
  now?: () => number;
}): Promise<DatasetLoss | undefined> {
  const script = defineScript(redis, new URL('./acknowledge-loss.lua', import.meta.url), { keys: 4 });
  const keys = [names.dataset, names.restores, names.audit, names.auditOf('dataset')];
  return toLoss((await script(...keys, names.root, now?.() ?? '', by, why)) as StoredLoss);
}

/** The loss that nobody has acknowledged yet. */
export async function readLoss({
  redis,
  names,
}: {
  redis: Redis;
  names: Names;
}): Promise<DatasetLoss | undefined> {
  return toLoss(await redis.hmget(names.dataset, ...lossFields));
}

/** As it lies in Redis (loss.lua). */
type StoredLoss = (string | null)[];
const lossFields = ['lossNoticedAt', 'lossKind', 'lossAcceptedBefore', 'lossAcceptedAfter'];

function toLoss([noticedAt, kind, before, after]: StoredLoss): DatasetLoss | undefined {
  if (noticedAt == null) return undefined;
  return {
    noticedAt: Number(noticedAt),
    kind: kind as DatasetLoss['kind'],
    acceptedBefore: Number(before),
    acceptedAfter: Number(after),
  };
}
