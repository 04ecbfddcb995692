import { baked, bakedAfter, hangs, says } from '../answer.ts';
import { always, failingSome, flapping } from '../behaviours.ts';
import { alone, patienceWith503, rowByChance } from '../reasons.ts';
import type { Scenario } from '../scenario.ts';
import { habit, lengthOf } from './courses.ts';

/** The primary bakes all of what it is sent, or a share of it. */
export const sharesBaked: readonly Scenario[] = [
  { name: 'healthy', text: 'nothing is wrong', course: habit(() => always(baked)) },
  { name: 'slowish', text: 'answers after 1 s', course: habit(() => always(bakedAfter(1_000))) },
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
    why: alone(() => patienceWith503),
  },
  {
    name: 'random-hanging',
    text: 'never answers 10 %, by chance',
    course: habit((_load, seed) => failingSome(0.1, hangs, seed)),
    why: alone(() => rowByChance),
  },
  {
    name: 'both-random',
    text: '500 to 49 %, by chance, at both factories',
    needsFallback: true,
    course(load, seed) {
      const some = (ownSeed: number) => failingSome(0.49, says(500), ownSeed);
      return { lengthMs: lengthOf(load), behave: some(seed), fallback: some(seed + 1) };
    },
  },
];
