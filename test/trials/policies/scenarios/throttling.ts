import { says } from '../answer.ts';
import { always, eachMinute, limitedTo, onceFrom } from '../behaviours.ts';
import { alone, obedience } from '../reasons.ts';
import type { Scenario } from '../scenario.ts';
import { habit, lengthOf } from './courses.ts';

/** The primary asks for patience. */
export const throttling: readonly Scenario[] = [
  {
    name: 'throttled',
    text: 'bears 60 % of what comes: 429, Retry-After 1',
    course: habit(({ rate }) => limitedTo(0.6 * rate)),
    hasLoad: ({ rate }) => rate >= 5,
    why: alone(() => obedience),
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
    course: habit(() => eachMinute(40_000, 50_000, always(says(429, { retryAfterSeconds: 2 })))),
    why: alone(() => obedience),
  },
];
