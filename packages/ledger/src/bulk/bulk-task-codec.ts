import { bulkTask, bulkTarget, type BulkTask } from '@proofbox/contract';

/** A rate that nobody has told anew for so long is of a process that is gone. */
const rateHoldsMs = 5_000;

/** Reads a task out of its Redis hash. @returns undefined for what is no task that this release can read */
export function readBulkTask(hash: Record<string, string>, now: number): BulkTask | undefined {
  const isWorkedOn = hash['state'] === 'running' && now - Number(hash['rateAt'] ?? 0) < rateHoldsMs;
  const parsed = bulkTask.safeParse({
    ...hash,
    target: readTarget(hash['target']),
    rate: Number(hash['rate']),
    createdAt: timeOf(hash['createdAt']),
    endedAt: timeOf(hash['endedAt']),
    expected: Number(hash['expected']),
    isExpectedExact: hash['isExpectedExact'] === '1',
    moved: Number(hash['moved']),
    unchanged: Number(hash['unchanged']),
    missing: Number(hash['missing']),
    ratePerSecond: isWorkedOn ? Number(hash['ratePerSecond'] ?? 0) : 0,
  });
  return parsed.data;
}

function readTarget(json: string | undefined): unknown {
  try {
    return bulkTarget.safeParse(JSON.parse(json ?? '')).data;
  } catch {
    return undefined;
  }
}

function timeOf(ms: string | undefined): string | undefined {
  const time = new Date(ms === undefined ? NaN : Number(ms));
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
