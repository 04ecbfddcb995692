import { expect, test } from 'vitest';
import { sparingly } from './sparingly.ts';

test('the same message is told once a minute, and others at once', () => {
  const told: string[] = [];
  let now = 0;
  const tell = sparingly((error) => told.push(error.message), { now: () => now });
  for (now = 0; now <= 60_000; now += 1_000) tell(new Error('WRONGPASS'));
  tell(new Error('connect ECONNREFUSED'));
  expect(told).toEqual(['WRONGPASS', 'WRONGPASS', 'connect ECONNREFUSED']);
});

test('however many messages there are, few are remembered', () => {
  let told = 0;
  const tell = sparingly(() => (told += 1));
  for (let i = 0; i < 1_000; i += 1) tell(new Error(`${i}`));
  expect(told).toBe(1_000);
});
