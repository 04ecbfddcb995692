import { expect, test } from 'vitest';
import { targets } from './arena.ts';
import { createSchedule } from './schedule.ts';
import { countedAs, faultKinds } from './strike.ts';

const seeds = Array.from({ length: 30 }, (_each, seed) => seed);
const lengthMs = 120_000;

/** Every fault with every kind of target it can strike, as a run counts them. */
const everything = [
  ...['kill', 'term', 'freeze'].flatMap((fault) =>
    ['ingest', 'worker', 'admin', 'factory'].map((kind) => `${fault} ${kind}`),
  ),
  ...['link-reset', 'link-close', 'link-blackhole', 'link-delay'].flatMap((fault) =>
    ['client>ingest', 'ingest>redis', 'worker>redis', 'worker>factory'].map((kind) => `${fault} ${kind}`),
  ),
  ...faultKinds.filter((fault) => /^(redis|factory)-/.test(fault)),
];

test.each(seeds)('seed %i always tells the same story, and it is over in time', (seed) => {
  const schedule = createSchedule({ seed, lengthMs, targets });
  expect(createSchedule({ seed, lengthMs, targets })).toEqual(schedule);
  expect(schedule.length).toBeGreaterThan(40);
  for (const { atMs, durationMs } of schedule) expect(atMs + durationMs).toBeLessThanOrEqual(lengthMs);
});

test('another seed tells another story', () => {
  const stories = new Set(seeds.map((seed) => JSON.stringify(createSchedule({ seed, lengthMs, targets }))));
  expect(stories.size).toBe(seeds.length);
});

test.each(seeds)(
  'seed %i strikes nothing that is still broken, and leaves no fault of any kind of target out',
  (seed) => {
    const schedule = createSchedule({ seed, lengthMs, targets });
    expect(new Set(schedule.map(countedAs))).toEqual(new Set(everything));
    for (const strikes of Map.groupBy(schedule, ({ target }) => target).values()) {
      for (const [i, { atMs }] of strikes.slice(1).entries()) {
        expect(atMs).toBeGreaterThan(strikes[i]!.atMs + strikes[i]!.durationMs);
      }
    }
  },
);

test('a longer run of a seed begins like a shorter one', () => {
  const short = createSchedule({ seed: 7, lengthMs: 30_000, targets });
  const begin = createSchedule({ seed: 7, lengthMs, targets }).slice(0, short.length);
  const without = (strikes: typeof short) => strikes.map(({ durationMs: _durationMs, ...rest }) => rest);
  expect(without(begin)).toEqual(without(short));
});

test('only what is wanted strikes', () => {
  const schedule = createSchedule({ seed: 1, lengthMs, targets, only: ['kill', 'link'] });
  const families = new Set(schedule.map(({ fault }) => fault.split('-')[0]));
  expect(families).toEqual(new Set(['kill', 'link']));
});
