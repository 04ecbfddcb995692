import { describe, expect, test } from 'vitest';
import { RateLimiter } from './rate-limiter.ts';

/** A limiter on a clock that stands still but for its own sleeping. */
function aLimiter({ maxRps, workers = 1 }: { maxRps?: number; workers?: number } = {}) {
  const clock = { now: 1_000_000 };
  const rate = new RateLimiter({
    maxRps,
    workers: () => workers,
    now: () => clock.now,
    sleep: async (ms) => void (clock.now += ms),
  });
  /** Has so many orders sent one after the other. @returns when, in ms from now on */
  async function send(orders: number): Promise<number[]> {
    const from = clock.now;
    const times: number[] = [];
    for (let i = 0; i < orders; i += 1) {
      await rate.acquire();
      times.push(clock.now - from);
    }
    return times;
  }
  /** How fast it sends at this moment, in orders a second, once it has caught up. */
  async function perSecond(): Promise<number> {
    await send(10);
    const [first, ...others] = await send(11);
    return 10_000 / (others.at(-1)! - first!);
  }
  /** So many orders were sent at even distances within the last second, and baked. */
  function bakedInLastSecond(orders: number): void {
    for (let i = 1; i <= orders; i += 1) rate.baked(clock.now - 1_000 + (i * 1_000) / orders);
  }
  return { rate, clock, send, perSecond, bakedInLastSecond };
}

test('without a limit and without complaints nobody waits', async () => {
  const { rate, send } = aLimiter();
  expect(await send(1_000)).toEqual(Array.from({ length: 1_000 }, () => 0));
  expect(rate.hasRoom()).toBe(true);
  expect(rate.permits).toBe(Infinity);
});

describe('the limit of the contract', () => {
  test('orders go at even distances, a little below it', async () => {
    const { send, perSecond } = aLimiter({ maxRps: 10 });
    expect(await perSecond()).toBeCloseTo(9.7);
    const times = await send(5);
    const distances = times.slice(1).map((at, i) => at - times[i]!);
    for (const distance of distances) expect(distance).toBeCloseTo(1_000 / 9.7);
  });

  test.for([1, 2, 10, 50, 200])('%i a second: no second has more, also after a pause', async (maxRps) => {
    const { clock, send } = aLimiter({ maxRps });
    await send(maxRps);
    clock.now += 60_000;
    const times = await send(3 * maxRps);
    const most = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length),
    );
    expect(most).toBeLessThanOrEqual(maxRps);
  });

  test('the workers share it', async () => {
    expect(await aLimiter({ maxRps: 30, workers: 3 }).perSecond()).toBeCloseTo(9.7);
  });

  test('orders wait for a turn that comes within a second, and no longer', async () => {
    const { rate } = aLimiter({ maxRps: 10 });
    const waiting: Promise<void>[] = [];
    while (rate.hasRoom()) waiting.push(rate.acquire());
    expect(waiting).toHaveLength(10);
    expect(rate.permits).toBe(10);
    await Promise.all(waiting);
    expect(rate.hasRoom()).toBe(true);
  });

  test('one order at least can be in hand', () => {
    expect(aLimiter({ maxRps: 1, workers: 10 }).rate.permits).toBe(1);
  });
});

describe('after a complaint', () => {
  async function aComplaint(orders: number) {
    const limited = aLimiter();
    limited.bakedInLastSecond(orders);
    limited.rate.throttled();
    return limited;
  }

  test('it is sent a little less than what it took in the second before', async () => {
    const { perSecond } = await aComplaint(100);
    expect(await perSecond()).toBeCloseTo(97);
  });

  test('orders that were on their way count as taken when they come back', async () => {
    const { rate, clock, perSecond } = await aComplaint(90);
    expect(rate.hasRoom()).toBe(true);
    for (let i = 0; i < 10; i += 1) rate.baked(clock.now - 1);
    clock.now += 1_000;
    expect(await perSecond()).toBeCloseTo(97);
  });

  test('complaints come in bunches: only the first one counts', async () => {
    const { rate, clock, perSecond } = await aComplaint(100);
    for (let i = 0; i < 9; i += 1) {
      clock.now += 100;
      rate.throttled();
    }
    expect(await perSecond()).toBeCloseTo(97);
  });

  test.for([0, 1, 2])(
    '%i orders in the second before say nothing: it is not slower for them',
    async (orders) => {
      const { rate, perSecond } = await aComplaint(orders);
      expect(await perSecond()).toBe(Infinity);
      expect(rate).toMatchObject({ permits: Infinity });
      expect(rate.hasRoom()).toBe(true);
    },
  );

  test.for([10, 5, 3])('of %i orders in a second it learns a little less', async (orders) => {
    const { rate, send } = await aComplaint(orders);
    expect(rate.permits).toBe(Math.floor(orders * 0.97) + 1);
    const times = await send(3);
    expect(times[2]! - times[1]!).toBeCloseTo(1_000 / (orders * 0.97), 0);
  });

  test('the fullest of the last seconds counts: a pause before the complaint takes nothing away', () => {
    const { rate, clock, bakedInLastSecond } = aLimiter();
    bakedInLastSecond(20);
    clock.now += 1_500;
    bakedInLastSecond(4);
    rate.throttled();
    expect(rate.permits).toBe(Math.floor(20 * 0.97) + 1);
  });

  test('one complaint after a quiet second delays none of the 580 orders that come after it', async () => {
    const { rate, clock, send } = await aComplaint(1);
    clock.now += 1_000;
    const times = await send(580);
    expect(Math.max(...times)).toBe(0);
    expect(rate.hasRoom()).toBe(true);
  });

  test('the rate is held for 2 s, doubles every 1.5 s then, and is forgotten after ten doublings', async () => {
    const { rate, clock } = await aComplaint(100);
    const complainedAt = clock.now;
    const permitsAfter = (ms: number): number => {
      clock.now = complainedAt + ms;
      return rate.permits;
    };
    expect([0, 1_000, 2_000].map(permitsAfter)).toEqual([98, 98, 98]);
    expect([3_500, 5_000, 6_500].map(permitsAfter)).toEqual([195, 389, 777]);
    expect(permitsAfter(17_000)).toBe(Math.floor(97 * 2 ** 10) + 1);
    expect(permitsAfter(17_001)).toBe(Infinity);
  });

  test('another complaint near the known rate proves it right: it is kept, and held four times as long', async () => {
    const { rate, clock, send } = await aComplaint(100);
    clock.now += 1_300;
    await send(100);
    rate.throttled();
    expect(rate.permits).toBe(98);
    clock.now += 8_000;
    expect(rate.permits).toBe(98);
    clock.now += 1_500;
    expect(rate.permits).toBe(195);
  });

  test('one while it is held says that the known rate is too much', async () => {
    const { rate, clock, send } = await aComplaint(100);
    clock.now += 400;
    await send(100);
    rate.throttled();
    expect(rate.permits).toBe(Math.floor(97 * 0.95) + 1);
  });

  test('complaints while little is sent are none of how fast it is sent: what was known stays', async () => {
    const { rate, clock, send } = await aComplaint(100);
    for (let i = 0; i < 30; i += 1) {
      clock.now += 1_500;
      await send(40);
      rate.throttled();
    }
    expect(rate.permits).toBe(98);
    clock.now += 3_500;
    expect(rate.permits).toBe(195);
  });

  test('where much more is baked by now than was known, that is learnt', async () => {
    const { rate, clock, send, bakedInLastSecond } = await aComplaint(10);
    clock.now += 2_000 + 3_000;
    expect(rate.permits).toBe(Math.floor(9.7 * 4) + 1);
    await send(10);
    bakedInLastSecond(30);
    rate.throttled();
    expect(rate.permits).toBe(Math.floor(30 * 0.97) + 1);
  });

  test('a factory that bears three orders a second is not far above itself at four', async () => {
    const { rate, clock, send, bakedInLastSecond } = await aComplaint(3);
    clock.now += 2_000 + 700;
    expect(rate.permits).toBe(5);
    await send(3);
    bakedInLastSecond(3);
    rate.throttled();
    clock.now += 8_000;
    expect(rate.permits).toBe(3);
  });

  test('it is held for a minute at the most, however often it proves right', async () => {
    const { rate, clock, send } = await aComplaint(100);
    for (const heldMs of [2_000, 8_000, 32_000, 60_000, 60_000]) {
      clock.now += heldMs - 700;
      await send(100);
      rate.throttled();
    }
    clock.now += 60_000;
    expect(rate.permits).toBeLessThan(100);
    clock.now += 1_500;
    expect(rate.permits).toBeGreaterThan(150);
  });

  test('it never falls below one order a second', async () => {
    const { rate, perSecond, send } = await aComplaint(5);
    for (let i = 0; i < 200; i += 1) {
      await send(5);
      rate.throttled();
    }
    expect(await perSecond()).toBeGreaterThan(0.99);
  });

  test('the contract holds beside it', async () => {
    const { rate, perSecond, bakedInLastSecond } = aLimiter({ maxRps: 10 });
    bakedInLastSecond(100);
    rate.throttled();
    expect(await perSecond()).toBeCloseTo(9.7);
  });
});
