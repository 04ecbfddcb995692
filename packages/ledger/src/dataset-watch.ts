import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { defineScript } from './define-script.ts';
import type { Names } from './names.ts';

/**
 * Redis came back with less than this fleet had seen in it. `other_dataset`: empty, or somebody else's;
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
   * @returns the loss, until somebody acknowledges it
   */
  look(options?: { beat?: boolean }): Promise<DatasetLoss | undefined>;
  /** As of the last look. */
  loss(): DatasetLoss | undefined;
  /** Whether this process was running when it happened, and has seen it: a process that starts later only reads of it. */
  hasSeenLoss(): boolean;
};

type Seen = { id: string; beat: number; accepted: number };

/**
 * Notices a Redis that came back with less, by a mark that every dataset gets once and that moves on all the time, and by
 * the number of accepted orders. What it compares with is only in the memory of the processes: a fleet that is started
 * anew together with an emptied Redis cannot know, and neither can one that has accepted as many orders again since.
 */
export function watchDataset({
  redis,
  names,
  now = Date.now,
}: {
  redis: Redis;
  names: Names;
  now?: () => number;
}): DatasetWatch {
  const script = defineScript(redis, 'look-at-dataset', { keys: 2 });
  let seen: Seen | undefined;
  let loss: DatasetLoss | undefined;
  let hasSeenLoss = false;

  return {
    async look({ beat = false } = {}) {
      const before = seen;
      const [id, newBeat, accepted, json] = (await script(
        names.dataset,
        names.counters,
        now(),
        randomUUID(),
        beat ? 'beat' : '',
        before?.id ?? '',
        before?.beat ?? '',
        before?.accepted ?? '',
      )) as [string, number, number, string];
      seen = { id, beat: newBeat, accepted };
      loss = json === '' ? undefined : (JSON.parse(json) as DatasetLoss);
      const isLess =
        before !== undefined && (id !== before.id || newBeat < before.beat || accepted < before.accepted);
      hasSeenLoss = loss !== undefined && (hasSeenLoss || isLess);
      return loss;
    },
    loss: () => loss,
    hasSeenLoss: () => hasSeenLoss,
  };
}

/** Ends the alarm. @returns the loss that was acknowledged, or undefined when there was none */
export async function acknowledgeLoss({
  redis,
  names,
}: {
  redis: Redis;
  names: Names;
}): Promise<DatasetLoss | undefined> {
  const replies = await redis.multi().hget(names.dataset, 'loss').hdel(names.dataset, 'loss').exec();
  const json = replies?.[0]?.[1] as string | null | undefined;
  return json ? (JSON.parse(json) as DatasetLoss) : undefined;
}

/** The loss that nobody has acknowledged yet. */
export async function readLoss({
  redis,
  names,
}: {
  redis: Redis;
  names: Names;
}): Promise<DatasetLoss | undefined> {
  const json = await redis.hget(names.dataset, 'loss');
  return json === null ? undefined : (JSON.parse(json) as DatasetLoss);
}
