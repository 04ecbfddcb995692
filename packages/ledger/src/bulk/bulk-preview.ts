import type { OrderRecord, DeadLetterReason } from '@proofbox/contract';
import type { BulkTarget } from '@proofbox/contract/admin';
import type { Redis } from 'ioredis';
import type { Ledger } from '../orders/ledger.ts';
import type { Names } from '../redis/names.ts';
import { UnreadableRecordError } from '../orders/record-codec.ts';
import type { DeadLetterCount, DeadLetterSearch } from './bulk-search.ts';

/** What a task would do. `sample`: a few of its orders, the oldest first. */
export type BulkCount = DeadLetterCount & { sample: OrderRecord[] };

const sampleSize = 5;
/** A person waits for it. */
const mostExamined = 200_000;

/** Counts the orders that a task would work on now, without doing anything. `before` in ms since the epoch. */
export async function countTarget(
  opened: { redis: Redis; names: Names; ledger: Pick<Ledger, 'find'>; search: DeadLetterSearch },
  { target, before }: { target: BulkTarget; before: number },
): Promise<DeadLetterCount & { firstIds: string[] }> {
  if ('ids' in target) return countIds(opened, target.ids);
  const [counted, first] = await Promise.all([
    opened.search.count({ filter: target.filter, before, deadLettersOnly: true, mostExamined }),
    opened.search.ids({ filter: target.filter, before, limit: sampleSize }),
  ]);
  return { ...counted, firstIds: first.ids };
}

/** The same, with the first orders themselves. */
export async function previewTarget(
  opened: Parameters<typeof countTarget>[0],
  input: { target: BulkTarget; before: number },
): Promise<BulkCount> {
  const { firstIds, ...counted } = await countTarget(opened, input);
  const found = await Promise.all(
    firstIds.slice(0, sampleSize).map((id) => opened.ledger.find(id).catch(ifUnreadable)),
  );
  return { ...counted, sample: found.filter((order) => order !== undefined) };
}

/** One that cannot be read is no sample; it is counted all the same. */
function ifUnreadable(error: unknown): undefined {
  if (!(error instanceof UnreadableRecordError)) throw error;
}

async function countIds({ redis, names }: { redis: Redis; names: Names }, ids: string[]) {
  const pipeline = redis.pipeline();
  const distinct = [...new Set(ids)];
  for (const id of distinct) pipeline.hmget(names.order(id), 'state', 'reason', 'updatedAt');
  const byReason: Partial<Record<DeadLetterReason, number>> = {};
  const found: { id: string; settledAt: number }[] = [];
  for (const [i, [error, reply]] of ((await pipeline.exec()) ?? []).entries()) {
    if (error) throw error;
    const [state, reason, updatedAt] = reply as [string | null, DeadLetterReason | null, string | null];
    if (state !== 'dead' && state !== 'held') continue;
    found.push({ id: distinct[i]!, settledAt: Number(updatedAt) });
    if (reason !== null) byReason[reason] = (byReason[reason] ?? 0) + 1;
  }
  const firstIds = found.toSorted((a, b) => a.settledAt - b.settledAt).map(({ id }) => id);
  return { count: found.length, isExact: true, byReason, firstIds };
}
