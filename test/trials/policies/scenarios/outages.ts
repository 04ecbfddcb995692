import { bakedAfter, hangs, lies, refusesConnections, says, type Answer } from '../answer.ts';
import { always, between, limitedTo } from '../behaviours.ts';
import { alone, both, obedience, rareProbes, slowerThanTimeOut } from '../reasons.ts';
import type { Load, Scenario } from '../scenario.ts';
import { lengthOf, outage } from './courses.ts';

const faces: { name: string; text: string; answer: Answer }[] = [
  { name: 'refused', text: 'refuses connections', answer: refusesConnections },
  { name: '500', text: '500 to everything', answer: says(500) },
  { name: '503', text: '503 to everything', answer: says(503) },
  { name: 'hanging', text: 'never answers', answer: hangs },
  { name: 'lying', text: '200 with a receipt that does not verify', answer: lies },
  { name: '400', text: '400 to everything', answer: says(400) },
  { name: '403', text: '403 to everything', answer: says(403) },
];

/** The primary bakes nothing for a while, whatever it says meanwhile. */
export const outages: readonly Scenario[] = [
  ...faces.map(({ name, text, answer }): Scenario => {
    const course = outage(answer);
    return { name: `down-${name}`, text, course, why: alone((load) => rareProbes(course(load))) };
  }),
  {
    name: 'down-slow',
    text: 'answers after 3 s, which is after the time-out',
    course: outage(bakedAfter(3_000)),
    why: alone(() => slowerThanTimeOut),
  },
  {
    name: 'both-down',
    text: '500 to everything, and the fallback refuses connections',
    needsFallback: true,
    course(load) {
      const { dead, ...course } = outage(says(500))(load);
      return { ...course, dead, fallback: between(dead.from, dead.until, always(refusesConnections)) };
    },
    why: (load) => rareProbes(outage(says(500))(load)),
  },
  {
    name: 'short-outage',
    text: '500 to everything for 5 s',
    course(load) {
      const lengthMs = lengthOf(load);
      const dead = { from: lengthMs / 2, until: lengthMs / 2 + 5_000 };
      return { lengthMs, dead, behave: between(dead.from, dead.until, always(says(500))) };
    },
    hasLoad: ({ rate }) => rate >= 0.5,
  },
  {
    name: 'recovery',
    text: 'an outage, then it bears twice what comes: 429 beyond, Retry-After 1',
    course: outageWithBacklog,
    hasLoad: ({ rate }) => rate >= 5,
    why: alone((load) => both(rareProbes(outageWithBacklog(load)), obedience)),
  },
];

function outageWithBacklog(load: Load) {
  const lengthMs = lengthOf(load);
  const dead = { from: lengthMs * 0.1, until: lengthMs * 0.4 };
  const behave = between(dead.from, dead.until, always(says(500)), limitedTo(2 * load.rate));
  return { lengthMs, dead, behave };
}
