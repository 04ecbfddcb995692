import type { FactoryCondition, FactoryName } from '@proofbox/contract';
import type { History, HistorySample } from '@proofbox/contract/admin';
import { factoryNames } from '@proofbox/contract';

/** One point of the charts. `null`: nothing is known, the line has a gap. Rates are orders a second. */
export type Point = {
  at: number;
  acceptedPerSecond: number | null;
  fulfilledPerSecond: number | null;
  backlog: number | null;
  deadLetters: number | null;
};

/** A time in which a factory was not trusted as usual. */
export type Outage = { factory: FactoryName; from: number; to: number; conditions: FactoryCondition[] };

/** More would only be drawn on top of each other. */
const mostPoints = 360;

/** The samples as points of a chart: rates from counts, gaps where samples are missing, and no more points than can be seen. */
export function pointsOf({ samples, intervalMs }: History): Point[] {
  const thinned = thin(samples);
  const longestStep = intervalMs * 3 * Math.max(1, Math.ceil(samples.length / mostPoints));
  return thinned.flatMap((sample, index) => {
    const before = thinned[index - 1];
    const at = Date.parse(sample.at);
    if (before === undefined) return [pointAt(at, sample, undefined)];
    const beforeAt = Date.parse(before.at);
    // Workers and Redis may have been away: then nothing is known, which is not the same as nothing happened.
    if (at - beforeAt > longestStep)
      return [unknownAt(beforeAt + intervalMs), pointAt(at, sample, undefined)];
    return [pointAt(at, sample, before)];
  });
}

function pointAt(at: number, sample: HistorySample, before: HistorySample | undefined): Point {
  const seconds = before ? (at - Date.parse(before.at)) / 1_000 : 0;
  const perSecond = (count: number, countBefore: number | undefined): number | null => {
    // A counter that went back was counted from zero again.
    if (countBefore === undefined || seconds <= 0 || count < countBefore) return null;
    return (count - countBefore) / seconds;
  };
  return {
    at,
    acceptedPerSecond: perSecond(sample.accepted, before?.accepted),
    fulfilledPerSecond: perSecond(sample.fulfilled, before?.fulfilled),
    backlog: sample.backlog,
    deadLetters: sample.dead + sample.held,
  };
}

function unknownAt(at: number): Point {
  return { at, acceptedPerSecond: null, fulfilledPerSecond: null, backlog: null, deadLetters: null };
}

/** Every so-manieth sample and the last one. Counts lose nothing by it: a rate is a difference of two. */
function thin(samples: readonly HistorySample[]): HistorySample[] {
  const step = Math.max(1, Math.ceil(samples.length / mostPoints));
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
}

/** Whether any sample knows of a factory: where none does, nobody can say that there was no outage. */
export function hasFactories({ samples }: History): boolean {
  return samples.some(({ factories }) => Object.keys(factories).length > 0);
}

/** When each factory took no orders, or only some, the oldest first. What an operator kept on is no outage. */
export function outagesOf({ samples, intervalMs }: History): Outage[] {
  const outages = factoryNames.flatMap((factory) => outagesOfFactory(factory, samples, intervalMs));
  return outages.toSorted((a, b) => a.from - b.from);
}

function outagesOfFactory(
  factory: FactoryName,
  samples: readonly HistorySample[],
  intervalMs: number,
): Outage[] {
  const outages: Outage[] = [];
  let current: Outage | undefined;
  for (const sample of samples) {
    const condition = sample.factories[factory];
    const at = Date.parse(sample.at);
    if (condition === undefined || condition === 'closed' || condition === 'forced_closed') {
      if (current) current.to = Math.min(at, current.to + intervalMs);
      current = undefined;
      continue;
    }
    if (current === undefined || at - current.to > intervalMs * 3) {
      current = { factory, from: at, to: at, conditions: [] };
      outages.push(current);
    }
    current.to = at;
    if (current.conditions.at(-1) !== condition) current.conditions.push(condition);
  }
  return outages;
}
