import { expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

test('lets so many through in any second, and no refusal counts', () => {
  let at = 0;
  const allows = createRateLimit({ perSecond: 2, now: () => at });
  const answers: boolean[] = [];
  for (at of [0, 600, 700, 999, 1_000, 1_500, 1_600]) answers.push(allows());
  expect(answers).toEqual([true, true, false, false, true, false, true]);
});
