import { attempt, orderRecord, type OrderRecord } from '@proofbox/contract';

/**
 * Reads a record out of its Redis hash and its list of attempts.
 * @throws ZodError when what is stored is not a record: the ledger must not guess
 */
export function decodeRecord(hash: Record<string, string>, attempts: string[]): OrderRecord {
  return orderRecord.parse({
    ...hash,
    request: JSON.parse(hash['request']!),
    acceptedAt: Number(hash['acceptedAt']),
    updatedAt: Number(hash['updatedAt']),
    deadlineAt: Number(hash['deadlineAt']),
    fulfilledAt: hash['fulfilledAt'] === undefined ? undefined : Number(hash['fulfilledAt']),
    replayedAt: hash['replayedAt'] === undefined ? undefined : Number(hash['replayedAt']),
    countedFailures: Number(hash['countedFailures'] ?? 0),
    replays: Number(hash['replays'] ?? 0),
    attempts: attempts.map(decodeAttempt),
  });
}

export function decodeAttempt(json: string) {
  return attempt.parse(JSON.parse(json));
}
