import type { FactoryCondition, FactoryName } from '@proofbox/contract';
import { historySample, type History, type HistorySample } from '@proofbox/contract/admin';
import { conditionOf, type BreakerStore } from '@proofbox/factory/breaker';
import type { Redis } from 'ioredis';
import type { Ledger } from '../orders/ledger.ts';
import type { Names } from '../redis/names.ts';

/** How often the fleet takes a sample. */
export const historyIntervalMs = 10_000;
const keptHours = 48;
const hourMs = 3_600_000;
const mostKept = (keptHours * hourMs) / historyIntervalMs;
const mostShown = 720;
const readAtOnce = 2_000;

/** From what needs no attention to what needs an operator. */
const conditionsByWeight: readonly FactoryCondition[] = [
  'closed',
  'forced_closed',
  'half_open',
  'forced_open',
  'open',
  'out_of_service',
];

export type HistoryRecorder = {
  /**
   * Takes the fleet's sample of this interval, if nobody has yet. Call it every `historyIntervalMs`.
   * @returns whether it did
   */
  recordIfDue(): Promise<boolean>;
};

/** Writes down how the whole is, for people who look at the last hours. It is no ledger: a sample may be missing. */
export function createHistoryRecorder(input: {
  redis: Redis;
  names: Names;
  ledger: Pick<Ledger, 'stats'>;
  breakers: Pick<BreakerStore, 'get' | 'watch'>;
  /** Those that are set up. */
  factories: readonly FactoryName[];
  now?: () => number;
}): HistoryRecorder {
  const { redis, names, ledger, breakers, factories, now = Date.now } = input;
  /** The worst of each factory since the last sample: an outage of a few seconds falls between two samples. */
  let worst = conditions();

  function conditions(): HistorySample['factories'] {
    return Object.fromEntries(factories.map((name) => [name, conditionOf(breakers.get(name), now())]));
  }

  breakers.watch(() => (worst = worseOf(worst, conditions())));
  return {
    async recordIfDue() {
      const leaseMs = historyIntervalMs - 500;
      const leased = await redis.set(names.historyLease, '1', 'PX', leaseMs, 'NX');
      const meanwhile = worseOf(worst, conditions());
      worst = conditions();
      if (leased === null) return false;
      const { counters, oldestPendingAt } = await ledger.stats();
      const sample: Omit<HistorySample, 'at'> = {
        accepted: counters.accepted,
        fulfilled: counters.fulfilled,
        dead: counters.dead,
        held: counters.held,
        backlog: counters.queued + counters.baking,
        ...(oldestPendingAt !== undefined && { oldestPendingMs: Math.max(0, now() - oldestPendingAt) }),
        factories: meanwhile,
      };
      // Its id is its time, by the one clock that the whole fleet shares.
      await redis.xadd(names.history, 'MAXLEN', '~', mostKept, '*', 'sample', JSON.stringify(sample));
      return true;
    },
  };
}

/**
 * The samples of the last `hours`, oldest first, thinned to 720 at most. Of those that fall together the last is shown,
 * with the worst condition of each factory among them: no outage is thinned away.
 */
export async function readHistory(
  { redis, names }: { redis: Redis; names: Names },
  { hours, now = Date.now }: { hours: number; now?: () => number },
): Promise<History> {
  const intervals = Math.ceil((hours * hourMs) / historyIntervalMs / mostShown);
  const intervalMs = Math.max(1, intervals) * historyIntervalMs;
  const buckets = new Map<number, HistorySample>();
  for await (const sample of samplesSince({ redis, names }, now() - hours * hourMs)) {
    const bucket = Math.floor(Date.parse(sample.at) / intervalMs);
    const before = buckets.get(bucket);
    const factories = before ? worseOf(before.factories, sample.factories) : sample.factories;
    buckets.set(bucket, { ...sample, factories });
  }
  return { intervalMs, samples: [...buckets.values()].slice(-mostShown) };
}

/** The newest samples, the newest first, that are not older than `withinMs`. */
export async function readLastSamples(
  { redis, names }: { redis: Redis; names: Names },
  { count, withinMs, now = Date.now }: { count: number; withinMs: number; now?: () => number },
): Promise<HistorySample[]> {
  const from = Math.max(0, now() - withinMs);
  const entries = await redis.xrevrange(names.history, '+', from, 'COUNT', count);
  return entries.flatMap((entry) => decode(entry) ?? []);
}

async function* samplesSince(
  { redis, names }: { redis: Redis; names: Names },
  from: number,
): AsyncGenerator<HistorySample> {
  let start = String(Math.max(0, Math.floor(from)));
  for (;;) {
    const entries = await redis.xrange(names.history, start, '+', 'COUNT', readAtOnce);
    for (const entry of entries) {
      const sample = decode(entry);
      if (sample) yield sample;
    }
    if (entries.length < readAtOnce) return;
    start = `(${entries.at(-1)![0]}`;
  }
}

/** One that another release has written in another shape is left out. */
function decode([id, fields]: [id: string, fields: string[]]): HistorySample | undefined {
  try {
    const at = new Date(Number.parseInt(id, 10)).toISOString();
    return historySample.safeParse({ ...JSON.parse(fields[1]!), at }).data;
  } catch {
    return undefined;
  }
}

function worseOf(
  one: HistorySample['factories'],
  other: HistorySample['factories'],
): HistorySample['factories'] {
  const worse = { ...one };
  for (const [name, condition] of Object.entries(other) as [FactoryName, FactoryCondition][]) {
    const known = worse[name];
    if (known === undefined || weightOf(condition) > weightOf(known)) worse[name] = condition;
  }
  return worse;
}

function weightOf(condition: FactoryCondition): number {
  return conditionsByWeight.indexOf(condition);
}
