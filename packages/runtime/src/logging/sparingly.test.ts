import { expect, test } from 'vitest';
import { sparingly } from './sparingly.ts';

test('the same message is told once a minute, and others at once', () => {
  const logged: string[] = [];
  let now = 0;
  const log = sparingly((error) => logged.push(error.message), { now: () => now });
  for (now = 0; now <= 60_000; now += 1_000) log(new Error('WRONGPASS'));
  log(new Error('connect ECONNREFUSED'));
  expect(logged).toEqual(['WRONGPASS', 'WRONGPASS', 'connect ECONNREFUSED']);
});

test('however many messages there are, few are remembered', () => {
  let logged = 0;
  const log = sparingly(() => (logged += 1));
  for (let i = 0; i < 1_000; i += 1) log(new Error(`${i}`));
  expect(logged).toBe(1_000);
});
