import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLedger } from './ledger.ts';
import { readRedisTime } from '../redis/read-redis-time.ts';
import { openTestLedger, someOrder, type TestLedger } from '../testing/test-ledger.ts';

const hourMs = 3_600_000;

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await box[Symbol.asyncDispose]();
});

/** By an ingest whose clock is off by so much, and that promised the order so long ago. */
async function taken(offMs: number, agoMs: number | undefined) {
  const ledger = createLedger(box);
  const redisNow = await readRedisTime(box.redis);
  vi.spyOn(Date, 'now').mockReturnValue(Math.floor(redisNow) + offMs);
  const acceptedAt = agoMs === undefined ? {} : { acceptedAt: Date.now() - agoMs };
  const order = someOrder({ deadlineMs: 24 * hourMs, ...acceptedAt });
  await ledger.accept(order);
  const { acceptedAt: kept, deadlineAt } = (await ledger.find(order.id))!;
  expect(deadlineAt - kept).toBe(24 * hourMs);
  return { age: redisNow - kept, overdue: await ledger.overdueIds(9) };
}

test.each([-25 * hourMs, -60_000, 0, 60_000, 25 * hourMs])(
  'an order that an ingest promised 50 s ago by a clock that is off by %i ms is 50 s old, and not overdue',
  async (offMs) => {
    const { age, overdue } = await taken(offMs, 50_000);
    // Within what the test itself takes.
    expect(Math.abs(age - 50_000)).toBeLessThan(10_000);
    expect(overdue).toEqual([]);
  },
);

test.each([-1_900, 0, 1_900, 25 * hourMs])(
  'an order is never older or younger than can be (clock off by %i ms)',
  async (offMs) => {
    for (const agoMs of [undefined, 0, -hourMs]) {
      const { age } = await taken(offMs, agoMs);
      expect(Math.abs(age)).toBeLessThan(10_000);
    }
  },
);
