import { attempt, orderRecord, type OrderRecord } from '@proofbox/contract';

/** What is stored of an order is no record that this release can read. The order is there, and Redis is well. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
}

/**
 * Reads a record out of its Redis hash and its list of attempts.
 * @throws UnreadableRecordError when what is stored is not a record: the ledger must not guess
 */
export function decodeRecord(hash: Record<string, string>, attempts: string[]): OrderRecord {
  try {
    return decode(hash, attempts);
  } catch (cause) {
    throw new UnreadableRecordError(`Order ${hash['id']} is stored in a shape that cannot be read.`, {
      cause,
    });
  }
}

function decode(hash: Record<string, string>, attempts: string[]): OrderRecord {
  return orderRecord.parse({
    ...hash,
    request: JSON.parse(hash['request']!),
    acceptedAt: Number(hash['acceptedAt']),
    updatedAt: Number(hash['updatedAt']),
    deadlineAt: Number(hash['deadlineAt']),
    fulfilledAt: hash['fulfilledAt'] === undefined ? undefined : Number(hash['fulfilledAt']),
    replayedAt: hash['replayedAt'] === undefined ? undefined : Number(hash['replayedAt']),
    restoredAt: hash['restoredAt'] === undefined ? undefined : Number(hash['restoredAt']),
    countedFailures: Number(hash['countedFailures'] ?? 0),
    replays: Number(hash['replays'] ?? 0),
    edits: hash['edits'] === undefined ? undefined : Number(hash['edits']),
    attempts: attempts.map(decodeAttempt),
  });
}

export function decodeAttempt(json: string) {
  return attempt.parse(JSON.parse(json));
}
