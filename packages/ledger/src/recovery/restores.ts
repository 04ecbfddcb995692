import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';
import { readRedisTime } from '../redis/read-redis-time.ts';

/**
 * How far one ingest is with restoring what Redis had lost. `of`: copies in its outbox; `looked`: so many of them were
 * compared; `restored`: so many were missing, or had come back in an older state; `failed`: so many could not be restored.
 */
export type RestoreProgress = {
  of: number;
  looked: number;
  restored: number;
  failed: number;
  isDone: boolean;
  /** ms since the epoch */
  at: number;
};

/** An ingest that has said nothing for so long has stopped in the middle; when it is back it begins anew. */
const silentAfterMs = 60_000;

/** @param by which ingest; the same one after a restart */
export async function reportRestore(
  { redis, names }: { redis: Redis; names: Names },
  by: string,
  progress: RestoreProgress,
): Promise<void> {
  await redis.hset(names.restores, by, JSON.stringify(progress));
}

/** What all ingests together have done since the loss, or undefined when none has begun. */
export async function readRestores(
  { redis, names }: { redis: Redis; names: Names },
  now?: number,
): Promise<RestoreProgress | undefined> {
  const time = now ?? (await readRedisTime(redis));
  const reports = Object.values(await redis.hgetall(names.restores))
    .map((json) => JSON.parse(json) as RestoreProgress)
    .filter(({ isDone, at }) => isDone || time - at < silentAfterMs);
  if (reports.length === 0) return undefined;
  const sum = (of: 'of' | 'looked' | 'restored' | 'failed') =>
    reports.reduce((total, each) => total + each[of], 0);
  return {
    of: sum('of'),
    looked: sum('looked'),
    restored: sum('restored'),
    failed: sum('failed'),
    isDone: reports.every(({ isDone }) => isDone),
    at: Math.max(...reports.map(({ at }) => at)),
  };
}

/** What an operator reads after a loss, until it is acknowledged. */
export function describeLoss(progress: RestoreProgress | undefined): string {
  return `Redis came back with less than it had. ${describeRestore(progress)} When you are satisfied, run \`proofbox reconcile --acknowledge-loss\`.`;
}

/** One sentence. */
export function describeRestore(progress: RestoreProgress | undefined): string {
  if (progress === undefined) return 'No ingest has begun to restore orders from its outbox.';
  const { of, looked, restored, failed, isDone } = progress;
  const failures = failed === 0 ? '' : `; ${failed} could not be restored, see the log of ingest`;
  return isDone
    ? `Orders were restored from the outboxes of ingest: ${restored} were lost and are back, of ${of} copies${failures}.`
    : `Orders are being restored from the outboxes of ingest: ${looked} of ${of} compared, ${restored} were lost and are back${failures}.`;
}
