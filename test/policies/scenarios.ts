import { baked, bakedAfter, hangs, lies, refusesConnections, says, type Answer } from './answer.ts';
import { always, between, failingBadOnes, failingSome, flapping, limitedTo, onceFrom } from './behaviours.ts';
import type { Course, Load, Scenario } from './scenario.ts';

/** So many orders a simulation has, unless that takes too long. */
const orders = 1_500;
const shortestMs = 60_000;
const longestMs = 3_600_000;

const everything: { name: string; text: string; answer: Answer }[] = [
  { name: 'refused', text: 'refuses connections', answer: refusesConnections },
  { name: '500', text: '500 to everything', answer: says(500) },
  { name: '503', text: '503 to everything', answer: says(503) },
  { name: 'hanging', text: 'never answers', answer: hangs },
  { name: 'slow', text: 'answers after 3 s, which is after the time-out', answer: bakedAfter(3_000) },
  { name: 'lying', text: '200 with a receipt that does not verify', answer: lies },
  { name: '400', text: '400 to everything', answer: says(400) },
  { name: '403', text: '403 to everything', answer: says(403) },
];

const badOnes: { name: string; text: string; answer: Answer }[] = [
  { name: '500', text: '500', answer: says(500) },
  { name: '400', text: '400', answer: says(400) },
];

/** What the factories of a simulation do, each told in one line. */
export const scenarios: readonly Scenario[] = [
  { name: 'healthy', text: 'nothing is wrong', course: habit(() => always(baked)) },
  ...everything.map(({ name, text, answer }): Scenario => ({
    name: `down-${name}`,
    text,
    course: outage(answer),
  })),
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
    name: 'flapping',
    text: 'in turns: 3 s good, 3 s of 500',
    course: habit(() => flapping(3_000, says(500))),
  },
  {
    name: 'random',
    text: '500 to 49 %, by chance',
    course: habit((_load, seed) => failingSome(0.49, says(500), seed)),
  },
  {
    name: 'random-10',
    text: '500 to 10 %, by chance',
    course: habit((_load, seed) => failingSome(0.1, says(500), seed)),
  },
  {
    name: 'random-503',
    text: '503 to 30 %, by chance',
    course: habit((_load, seed) => failingSome(0.3, says(503), seed)),
  },
  {
    name: 'random-hanging',
    text: 'never answers 10 %, by chance',
    course: habit((_load, seed) => failingSome(0.1, hangs, seed)),
  },
  { name: 'slowish', text: 'answers after 1 s', course: habit(() => always(bakedAfter(1_000))) },
  {
    name: 'throttled',
    text: 'bears 60 % of what comes: 429, Retry-After 1',
    course: habit(({ rate }) => limitedTo(0.6 * rate)),
    hasLoad: ({ rate }) => rate >= 5,
  },
  {
    name: 'one-429',
    text: 'one 429 after a quiet while, Retry-After 1',
    course(load) {
      const lengthMs = lengthOf(load);
      return { lengthMs, behave: onceFrom(lengthMs / 4, says(429, { retryAfterSeconds: 1 })) };
    },
  },
  {
    name: 'bursts-of-429',
    text: '429 to everything for 10 s each minute, Retry-After 2',
    course: habit(
      () => (call) =>
        call.at % 60_000 > 40_000 && call.at % 60_000 < 50_000 ? says(429, { retryAfterSeconds: 2 }) : baked,
    ),
  },
  ...badOnes.map(({ name, text, answer }): Scenario => ({
    name: `one-in-ten-${name}`,
    text: `1 order in 10 is bad: ${text}`,
    course: habitOfBoth(answer),
    isBad: (n) => n % 10 === 3,
  })),
  ...badOnes.map(({ name, text, answer }): Scenario => ({
    name: `six-bad-${name}`,
    text: `the first six orders are bad: ${text}`,
    course: habitOfBoth(answer),
    isBad: (n) => n < 6,
  })),
  ...[403, 404].map((status): Scenario => ({
    name: `one-order-${status}`,
    text: `${status} to 1 order in 50`,
    course: habit(() => failingBadOnes(says(status))),
    isBad: (n) => n % 50 === 10,
    isBadAtPrimaryOnly: true,
  })),
  {
    name: 'both-down',
    text: '500 to everything, and the fallback refuses connections',
    needsFallback: true,
    course(load, seed) {
      const course = outage(says(500))(load, seed);
      const { from, until } = course.dead!;
      return { ...course, fallback: between(from, until, always(refusesConnections)) };
    },
  },
  {
    name: 'both-random',
    text: '500 to 49 %, by chance, at both factories',
    needsFallback: true,
    course(load, seed) {
      const lengthMs = lengthOf(load);
      const some = (ownSeed: number) => failingSome(0.49, says(500), ownSeed);
      return { lengthMs, behave: some(seed), fallback: some(seed + 1) };
    },
  },
  {
    name: 'recovery',
    text: 'an outage, then it bears twice what comes: 429 beyond, Retry-After 1',
    course(load) {
      const lengthMs = lengthOf(load);
      const dead = { from: lengthMs * 0.1, until: lengthMs * 0.4 };
      return {
        lengthMs,
        dead,
        behave: between(dead.from, dead.until, always(says(500)), limitedTo(2 * load.rate)),
      };
    },
    hasLoad: ({ rate }) => rate >= 5,
  },
];

function lengthOf({ rate }: Load): number {
  return Math.min(longestMs, Math.max(shortestMs, (orders / rate) * 1_000));
}

/** It is like that from beginning to end. */
function habit(behaviour: (load: Load, seed: number) => Course['behave']): Scenario['course'] {
  return (load, seed) => ({ lengthMs: lengthOf(load), behave: behaviour(load, seed) });
}

function habitOfBoth(answer: Answer): Scenario['course'] {
  return (load) => ({
    lengthMs: lengthOf(load),
    behave: failingBadOnes(answer),
    fallback: failingBadOnes(answer),
  });
}

/** It is well, then it answers everything alike for half of the time, then it is well again. */
function outage(answer: Answer): Scenario['course'] {
  return (load) => {
    const lengthMs = lengthOf(load);
    const dead = { from: lengthMs * 0.2, until: lengthMs * 0.7 };
    return { lengthMs, dead, behave: between(dead.from, dead.until, always(answer)) };
  };
}
