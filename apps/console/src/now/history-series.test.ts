import type { FactoryCondition } from '@proofbox/contract';
import type { History, HistorySample } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { outagesOf, pointsOf, hasFactories } from './history-series.ts';
import { timeTicks } from './time-ticks.ts';

const start = Date.parse('2026-11-23T12:00:00Z');
const intervalMs = 30_000;

function sample(step: number, changes: Partial<HistorySample> = {}): HistorySample {
  return {
    at: new Date(start + step * intervalMs).toISOString(),
    accepted: step * 60,
    fulfilled: step * 30,
    dead: 2,
    held: 1,
    backlog: step * 30,
    factories: { primary: 'closed', fallback: 'closed' },
    ...changes,
  };
}

const history = (samples: HistorySample[]): History => ({ intervalMs, samples });

test('rates are the differences of counts, and the first sample has none', () => {
  const points = pointsOf(history([sample(0), sample(1)]));
  expect(points.map((point) => [point.acceptedPerSecond, point.fulfilledPerSecond])).toEqual([
    [null, null],
    [2, 1],
  ]);
  expect(points[1]).toMatchObject({ backlog: 30, deadLetters: 3 });
});

test('where samples are missing the line has a gap', () => {
  const points = pointsOf(history([sample(0), sample(1), sample(20), sample(21)]));
  expect(points.map(({ backlog }) => backlog)).toEqual([0, 30, null, 600, 630]);
  expect(points[3]?.acceptedPerSecond).toBeNull();
});

test('samples without factories do not say that all was well', () => {
  expect(hasFactories(history([sample(0, { factories: {} })]))).toBe(false);
  expect(hasFactories(history([sample(0, { factories: {} }), sample(1)]))).toBe(true);
});

test('a count that began anew is no negative rate', () => {
  const points = pointsOf(history([sample(5), sample(6, { accepted: 10 })]));
  expect(points[1]).toMatchObject({ acceptedPerSecond: null, fulfilledPerSecond: 1 });
});

test('two days of samples become as many points as can be seen, with the same rates and no gaps', () => {
  const samples = Array.from({ length: 5_760 }, (_, step) => sample(step));
  const points = pointsOf(history(samples));
  expect(points.length).toBeLessThanOrEqual(361);
  expect(points.slice(1).every((point) => point.acceptedPerSecond === 2)).toBe(true);
  expect(points.at(-1)?.at).toBe(start + 5_759 * intervalMs);
});

test('an outage reaches from its first bad sample to the first good one, and says how it went', () => {
  const primary = (step: number, condition: FactoryCondition) =>
    sample(step, { factories: { primary: condition, fallback: 'closed' } });
  const samples = [
    primary(0, 'closed'),
    primary(1, 'open'),
    primary(2, 'half_open'),
    primary(3, 'closed'),
    primary(4, 'forced_closed'),
    primary(5, 'forced_open'),
  ];
  expect(outagesOf(history(samples))).toEqual([
    {
      factory: 'primary',
      from: start + intervalMs,
      to: start + 3 * intervalMs,
      conditions: ['open', 'half_open'],
    },
    {
      factory: 'primary',
      from: start + 5 * intervalMs,
      to: start + 5 * intervalMs,
      conditions: ['forced_open'],
    },
  ]);
});

test('each factory has its own outages, and one that nobody set up has none', () => {
  const samples = [
    sample(0, { factories: { fallback: 'out_of_service' } }),
    sample(1, { factories: { fallback: 'out_of_service' } }),
  ];
  expect(outagesOf(history(samples))).toMatchObject([{ factory: 'fallback', to: start + intervalMs }]);
});

test('an outage does not reach over a gap in which nothing is known', () => {
  const open = { factories: { primary: 'open' as const } };
  const outages = outagesOf(history([sample(0, open), sample(1, open), sample(50, open), sample(51, open)]));
  expect(outages).toHaveLength(2);
});

test('an axis of time has round times, and few of them', () => {
  const ticks = timeTicks(start + 61_000, start + 6 * 3_600_000);
  expect(ticks.length).toBeLessThanOrEqual(8);
  expect(ticks.every((tick) => tick % 3_600_000 === 0)).toBe(true);
});
