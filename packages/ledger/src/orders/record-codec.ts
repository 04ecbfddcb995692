import { attempt, orderRecord, type Attempt, type OrderRecord } from '@proofbox/contract';

/** What is stored of an order is no record that this release can read. The order is there, and Redis is well. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
}

/**
 * What is known of an attempt, a value each: attempt 2's factory is the field `a2.factory` of its order's record. Redis
 * never decodes any of them (docs/decisions/0025-text-from-outside-is-never-decoded-in-redis.md).
 */
export const attemptFields = [
  'factory',
  'worker',
  'startedAt',
  'endedAt',
  'outcome',
  'status',
  'detail',
  'endChaosLink',
  'counted',
  'givenUpAt',
  'late',
] as const;
type AttemptField = (typeof attemptFields)[number];

/** @param name what is known of attempt `n` */
export function attemptField(n: number, name: string): string {
  return `a${n}.${name}`;
}

/**
 * Reads a record out of its Redis hash.
 * @throws UnreadableRecordError when what is stored is not a record: the ledger must not guess
 */
export function decodeRecord(hash: Record<string, string>): OrderRecord {
  try {
    return decode(hash);
  } catch (cause) {
    throw new UnreadableRecordError(`Order ${hash['id']} is stored in a shape that cannot be read.`, {
      cause,
    });
  }
}

function decode(hash: Record<string, string>): OrderRecord {
  const attempts = Number(hash['attempts'] ?? 0);
  if (!(attempts <= Object.keys(hash).length)) throw new Error(`there cannot be ${attempts} attempts`);
  return orderRecord.parse({
    ...hash,
    request: JSON.parse(hash['request']!),
    acceptedAt: Number(hash['acceptedAt']),
    updatedAt: Number(hash['updatedAt']),
    deadlineAt: Number(hash['deadlineAt']),
    fulfilledAt: numberOf(hash['fulfilledAt']),
    replayedAt: numberOf(hash['replayedAt']),
    restoredAt: numberOf(hash['restoredAt']),
    countedFailures: Number(hash['countedFailures'] ?? 0),
    replays: Number(hash['replays'] ?? 0),
    edits: numberOf(hash['edits']),
    attempts: Array.from({ length: attempts }, (_each, i) =>
      decodeAttempt(i + 1, (name) => hash[attemptField(i + 1, name)]),
    ),
  });
}

/** @param stored what is stored of it; undefined where there is nothing */
export function decodeAttempt(n: number, stored: (name: AttemptField) => string | undefined): Attempt {
  const fields = Object.fromEntries(
    attemptFields.flatMap((name) => {
      const value = stored(name);
      return value === undefined ? [] : [[name, valueOf(name, value)]];
    }),
  );
  return attempt.parse({ n, ...fields });
}

function valueOf(name: AttemptField, value: string): string | number | boolean {
  switch (name) {
    case 'startedAt':
    case 'endedAt':
    case 'givenUpAt':
    case 'status':
      return Number(value);
    case 'endChaosLink':
    case 'counted':
    case 'late':
      return value === '1';
    case 'factory':
    case 'worker':
    case 'outcome':
    case 'detail':
      return value;
  }
}

function numberOf(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
