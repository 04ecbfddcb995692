import { says, type Answer } from '../answer.ts';
import { failingBadOnes } from '../behaviours.ts';
import type { Scenario } from '../scenario.ts';
import { habit, habitOfBoth } from './courses.ts';

const answers: { name: string; answer: Answer }[] = [
  { name: '500', answer: says(500) },
  { name: '400', answer: says(400) },
];

/** Some orders are wrong, and the factories are well. */
export const badOrders: readonly Scenario[] = [
  ...answers.map(({ name, answer }): Scenario => ({
    name: `one-in-ten-${name}`,
    text: `1 order in 10 is bad: ${name}`,
    course: habitOfBoth(() => failingBadOnes(answer)),
    isBad: (n) => n % 10 === 3,
  })),
  ...answers.map(({ name, answer }): Scenario => ({
    name: `six-bad-${name}`,
    text: `the first six orders are bad: ${name}`,
    course: habitOfBoth(() => failingBadOnes(answer)),
    isBad: (n) => n < 6,
  })),
  ...[403, 404].map((status): Scenario => ({
    name: `one-order-${status}`,
    text: `${status} to 1 order in 50`,
    course: habit(() => failingBadOnes(says(status))),
    isBad: (n) => n % 50 === 10,
    isBadAtPrimaryOnly: true,
  })),
];
