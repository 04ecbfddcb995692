import { describe, expect, test } from 'vitest';
import { Pace } from './pace.ts';

/** A pace on a clock that stands still but for its own sleeping. */
function aPace({ maxRps, workers = 1 }: { maxRps?: number; workers?: number } = {}) {
  const clock = { now: 1_000_000 };
  const pace = new Pace({
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
      await pace.turn();
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
    for (let i = 1; i <= orders; i += 1) pace.baked(clock.now - 1_000 + (i * 1_000) / orders);
  }
  return { pace, clock, send, perSecond, bakedInLastSecond };
}

test('without a limit and without complaints nobody waits', async () => {
  const { pace, send } = aPace();
  expect(await send(1_000)).toEqual(Array.from({ length: 1_000 }, () => 0));
  expect(pace.hasRoom()).toBe(true);
  expect(pace.places).toBe(Infinity);
});

describe('the limit of the contract', () => {
  test('orders go at even distances, a little below it', async () => {
    const { send, perSecond } = aPace({ maxRps: 10 });
    expect(await perSecond()).toBeCloseTo(9.7);
    const times = await send(5);
    const distances = times.slice(1).map((at, i) => at - times[i]!);
    for (const distance of distances) expect(distance).toBeCloseTo(1_000 / 9.7);
  });

  test.for([1, 2, 10, 50, 200])('%i a second: no second has more, also after a pause', async (maxRps) => {
    const { clock, send } = aPace({ maxRps });
    await send(maxRps);
    clock.now += 60_000;
    const times = await send(3 * maxRps);
    const most = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length),
    );
    expect(most).toBeLessThanOrEqual(maxRps);
  });

  test('the workers share it', async () => {
    expect(await aPace({ maxRps: 30, workers: 3 }).perSecond()).toBeCloseTo(9.7);
  });

  test('orders wait for a turn that comes within a second, and no longer', async () => {
    const { pace } = aPace({ maxRps: 10 });
    const waiting: Promise<void>[] = [];
    while (pace.hasRoom()) waiting.push(pace.turn());
    expect(waiting).toHaveLength(10);
    expect(pace.places).toBe(10);
    await Promise.all(waiting);
    expect(pace.hasRoom()).toBe(true);
  });

  test('one order at least can be in hand', () => {
    expect(aPace({ maxRps: 1, workers: 10 }).pace.places).toBe(1);
  });
});

describe('after a complaint', () => {
  async function aComplaint(orders: number) {
    const paced = aPace();
    paced.bakedInLastSecond(orders);
    paced.pace.throttled();
    return paced;
  }

  test('it is sent a little less than what it took in the second before', async () => {
    const { perSecond } = await aComplaint(100);
    expect(await perSecond()).toBeCloseTo(97);
  });

  test('orders that were on their way count as taken when they come back', async () => {
    const { pace, clock, perSecond } = await aComplaint(90);
    expect(pace.hasRoom()).toBe(true);
    for (let i = 0; i < 10; i += 1) pace.baked(clock.now - 1);
    clock.now += 1_000;
    expect(await perSecond()).toBeCloseTo(97);
  });

  test('complaints come in bunches: only the first one counts', async () => {
    const { pace, clock, perSecond } = await aComplaint(100);
    for (let i = 0; i < 9; i += 1) {
      clock.now += 100;
      pace.throttled();
    }
    expect(await perSecond()).toBeCloseTo(97);
  });

  test('another complaint soon after makes it slower, and one later on a little slower', async () => {
    const soon = await aComplaint(100);
    soon.clock.now += 4_000;
    soon.pace.throttled();
    expect(await soon.perSecond()).toBeCloseTo(97 * 0.93);
    const later = await aComplaint(100);
    await later.perSecond();
    later.clock.now += 20_000;
    later.pace.throttled();
    expect(await later.perSecond()).toBeCloseTo(97 * 0.97);
  });

  test('the pace is held for 30 s, grows then, and is forgotten after 5 min', async () => {
    const { clock, perSecond } = await aComplaint(100);
    const complainedAt = clock.now;
    clock.now = complainedAt + 1_000;
    expect(await perSecond()).toBeCloseTo(97);
    clock.now = complainedAt + 29_000;
    expect(await perSecond()).toBeCloseTo(97);
    clock.now = complainedAt + 90_000;
    expect(await perSecond()).toBeGreaterThan(97 * 1.005 ** 59);
    clock.now = complainedAt + 300_001;
    expect(await perSecond()).toBe(Infinity);
  });

  test('a worker that had nothing baked learns nothing from a complaint about what others sent', async () => {
    const { pace, perSecond, clock } = await aComplaint(0);
    expect(await perSecond()).toBe(Infinity);
    clock.now += 2_000;
    pace.throttled();
    expect(pace.places).toBe(Infinity);
  });

  test('it never falls below one order a second', async () => {
    const { pace, clock, perSecond } = await aComplaint(1);
    for (let i = 0; i < 20; i += 1) {
      await perSecond();
      clock.now += 1_000;
      pace.throttled();
    }
    expect(await perSecond()).toBeCloseTo(1);
  });

  test('the contract holds beside it', async () => {
    const { pace, perSecond, bakedInLastSecond } = aPace({ maxRps: 10 });
    bakedInLastSecond(100);
    pace.throttled();
    expect(await perSecond()).toBeCloseTo(9.7);
  });
});
