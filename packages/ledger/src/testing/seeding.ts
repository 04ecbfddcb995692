import { idText, wellFormed, type FactoryName, type DeadLetterReason } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { NewOrder } from '../orders/ledger.ts';
import type { Names } from '../redis/names.ts';
import { attemptField } from '../orders/record-codec.ts';

/** The life of a dead letter. Times in ms since the epoch. */
export type DeadLetterSeed = {
  order: Omit<NewOrder, 'doubleClick'> & { acceptedAt: number };
  /** One at least. Each failed. */
  attempts: { factory: FactoryName; startedAt: number; endedAt: number; status: number; detail: string }[];
  state: 'dead' | 'held';
  reason: DeadLetterReason;
  settledAt: number;
};

const mostAtOnce = 200;

/**
 * Makes dead letters by the hundred in one call, for measurements. A life of theirs is seven scripts, so the records are
 * written as these would leave them; seeding.test.ts compares the two. The indexes are made by the ledger's own code.
 * They are in no queue.
 */
export function createSeeder({ redis, names }: { redis: Redis; names: Names }) {
  const seed = defineScript(redis, new URL('./seed.lua', import.meta.url), { keys: 0 });
  /** @throws Error when one of them is there already, or has no attempt */
  return async function seedDeadLetters(seeds: DeadLetterSeed[]): Promise<void> {
    for (let from = 0; from < seeds.length; from += mostAtOnce) {
      await seed(names.root, ...seeds.slice(from, from + mostAtOnce).flatMap(valuesOf));
    }
  };
}

/** As seed.lua reads them. */
function valuesOf(seed: DeadLetterSeed): (string | number)[] {
  const { order, state, reason, settledAt } = seed;
  const record = recordOf(seed);
  const values = [order.id, state, reason, order.dinerId, order.acceptedAt, settledAt];
  return [...values, record.length, ...record];
}

/** Names and values. */
function recordOf(seed: DeadLetterSeed): (string | number)[] {
  const { order, attempts, state, reason, settledAt } = seed;
  const { id, source, dinerId, fingerprint, request, acceptedAt, deadlineMs } = order;
  return Object.entries({
    id,
    state,
    source,
    dinerId,
    storeId: idText(request.order.storeId),
    fingerprint,
    request: JSON.stringify(request),
    acceptedAt,
    updatedAt: settledAt,
    deadlineAt: acceptedAt + deadlineMs,
    attempts: attempts.length,
    ...attemptsOf(seed),
    ...Object.fromEntries(attempts.map(({ factory, startedAt }) => [`tried:${factory}`, startedAt])),
    reason,
  }).flat();
}

function attemptsOf({ order, attempts }: DeadLetterSeed): Record<string, string | number> {
  const triedAt = new Map<FactoryName, number>();
  const fields = attempts.flatMap(({ factory, startedAt, endedAt, status, detail }, i) => {
    const triedBefore = triedAt.get(factory);
    triedAt.set(factory, startedAt);
    const ended = { outcome: 'failed', status, detail: wellFormed(detail), endedAt, reported: 1 };
    const began = { factory, worker: 'seed', token: `${order.id}-${i + 1}`, startedAt };
    const all = { ...began, ...(triedBefore !== undefined && { triedBefore }), ...ended };
    return Object.entries(all).map(([name, value]) => [attemptField(i + 1, name), value]);
  });
  return Object.fromEntries(fields) as Record<string, string | number>;
}
