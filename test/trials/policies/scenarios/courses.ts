import type { Answer, Behaviour } from '../answer.ts';
import { always, between } from '../behaviours.ts';
import type { Course, Load, Scenario } from '../scenario.ts';

/** So many orders a simulation has, unless that takes too long. */
const orders = 1_500;
const shortestMs = 60_000;
const longestMs = 3_600_000;

/** How long orders come, in ms. */
export function lengthOf({ rate }: Load): number {
  return Math.min(longestMs, Math.max(shortestMs, (orders / rate) * 1_000));
}

/** The primary is like that from beginning to end. */
export function habit(behaviour: (load: Load, seed: number) => Behaviour): Scenario['course'] {
  return (load, seed) => ({ lengthMs: lengthOf(load), behave: behaviour(load, seed) });
}

/** So are both factories. */
export function habitOfBoth(behaviour: () => Behaviour): Scenario['course'] {
  return (load) => ({ lengthMs: lengthOf(load), behave: behaviour(), fallback: behaviour() });
}

/** It is well, then it answers everything alike for half of the time, then it is well again. */
export function outage(answer: Answer): (load: Load) => Course & Required<Pick<Course, 'dead'>> {
  return (load) => {
    const lengthMs = lengthOf(load);
    const dead = { from: lengthMs * 0.2, until: lengthMs * 0.7 };
    return { lengthMs, dead, behave: between(dead.from, dead.until, always(answer)) };
  };
}
