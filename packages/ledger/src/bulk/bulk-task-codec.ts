import { bulkTask, bulkTarget, type BulkTarget, type BulkTask } from '@proofbox/contract/admin';

/** A rate that was not reported anew for so long is of a process that is gone. */
const rateHoldsMs = 5_000;

/** Of a task for orders that were named one by one, so many ids are in a list of tasks: all of them may be 200 kB. */
const idsInList = 5;

/** What is read for a list of tasks: all but a target that may be long. */
export const listedFields =
  'id action rate why by state createdAt endedAt expected isExpectedExact moved unchanged missing ratePerSecond rateAt trouble targetInList'.split(
    ' ',
  );

/** A target as its task has it: whole, and as a list of tasks shows it. */
export function targetFields(target: BulkTarget): { target: string; targetInList: string } {
  const short = 'ids' in target ? { ids: target.ids.slice(0, idsInList) } : target;
  return { target: JSON.stringify(target), targetInList: JSON.stringify(short) };
}

/** Reads a task of a list. @param values those of `listedFields` */
export function readListedTask(values: (string | null)[], now: number): BulkTask | undefined {
  const fields = listedFields.flatMap((name, i): [string, string][] => {
    const value = values[i];
    return value == null ? [] : [[name, value]];
  });
  const { targetInList, ...hash } = Object.fromEntries(fields);
  return readBulkTask({ ...hash, ...(targetInList !== undefined && { target: targetInList }) }, now);
}

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
