import { createDice } from '../../support/seeded-random.ts';
import type { Load, Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';

/** One line of the table: a scenario under one load, with a fallback factory or without. */
export type Row = Load & { name: string; scenario: Scenario; hasFallback: boolean };

/** One order of a simulation. `at` is in ms since the start. */
export type Arrival = { id: string; at: number; isBad: boolean };

const loads: readonly Load[] = [
  { rate: 0.05, workers: 1 },
  { rate: 0.5, workers: 2 },
  { rate: 5, workers: 1 },
  { rate: 5, workers: 3 },
  { rate: 50, workers: 3 },
];

/** Every row there is. */
export const rows: readonly Row[] = scenarios.flatMap((scenario) =>
  (scenario.needsFallback ? [true] : [false, true]).flatMap((hasFallback) =>
    loads
      .filter((load) => scenario.hasLoad?.(load) ?? true)
      .map((load) => ({ name: nameOf(scenario, hasFallback, load), scenario, hasFallback, ...load })),
  ),
);

function nameOf({ name }: Scenario, hasFallback: boolean, { rate, workers }: Load): string {
  return `${name}/${hasFallback ? 'fallback' : 'alone'}/${rate}x${workers}`;
}

/** The orders of a row, at random distances: the same ones whoever serves them. */
export function arrivalsOf({ scenario, rate }: Row, lengthMs: number, seed: number): Arrival[] {
  const dice = createDice(seed);
  const arrivals: Arrival[] = [];
  for (let at = 0; ;) {
    at += (-Math.log(1 - dice.next()) * 1_000) / rate;
    if (at >= lengthMs) return arrivals;
    const n = arrivals.length;
    const isBad = scenario.isBad?.(n) ?? false;
    arrivals.push({ id: `order-${n}`, at: Math.round(at), isBad });
  }
}

/** Whether anybody can ever bake this order. */
export function isGood({ scenario, hasFallback }: Row, { isBad }: Arrival): boolean {
  return !isBad || (hasFallback && scenario.isBadAtPrimaryOnly === true);
}
