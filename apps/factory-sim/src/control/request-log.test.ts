import { expect, test } from 'vitest';
import { createRequestLog } from './request-log.ts';

test('beyond its capacity the log forgets the oldest entries and keeps counting', () => {
  const log = createRequestLog({ capacity: 3 });
  for (let i = 0; i < 5; i += 1) log.add();
  expect(log.size()).toEqual({ total: 5, kept: 3 });
  expect(log.list({ after: 0, limit: 10 }).map((entry) => entry.n)).toEqual([3, 4, 5]);
  expect(log.list({ after: 3, limit: 1 }).map((entry) => entry.n)).toEqual([4]);
  expect(log.list({ after: 5, limit: 10 })).toEqual([]);
  expect(log.list({ after: 99, limit: 10 })).toEqual([]);
});
