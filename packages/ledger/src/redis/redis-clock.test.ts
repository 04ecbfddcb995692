import { describe, expect, inject, test } from 'vitest';
import { connectPatiently } from './connections.ts';
import { createRedisClock } from './redis-clock.ts';

/** Three clocks, of which each can be set; time passes for all of them. */
function clocks() {
  const at = { redis: 5_000_000_000, wall: 5_000_000_000, monotonic: 77 };
  let lagMs = 0;
  function pass(ms: number): void {
    for (const name of ['redis', 'wall', 'monotonic'] as const) at[name] += ms;
  }
  const time = async () => {
    pass(lagMs / 2);
    const told = [Math.floor(at.redis / 1_000), (at.redis % 1_000) * 1_000];
    pass(lagMs / 2);
    return told;
  };
  const clock = createRedisClock({
    redis: { time, status: 'ready' },
    wall: () => at.wall,
    monotonic: () => at.monotonic,
  });
  return { at, clock, pass, lag: (ms: number) => void (lagMs = ms) };
}

test('it is the clock of the real Redis', async () => {
  await using open = new AsyncDisposableStack();
  const redis = connectPatiently({ url: inject('redisUrl'), onError: () => {} });
  open.defer(() => redis.disconnect());
  const clock = createRedisClock({ redis });
  await expect.poll(async () => (await clock.measure(), clock.skewMs()), { timeout: 20_000 }).toBeDefined();
  expect(Math.abs(clock.skewMs()!)).toBeLessThan(1_000);
  expect(clock.doubt()).toBeUndefined();
});

test('until it was measured it is the clock of this machine, and nobody knows by how much that is off', () => {
  const { at, clock } = clocks();
  expect([clock.now(), clock.skewMs(), clock.doubt()]).toEqual([at.wall, undefined, undefined]);
});

test('a clock of this machine that is set does not move it, and is seen at once', async () => {
  const { at, clock, pass } = clocks();
  await clock.measure();
  at.wall -= 120_000;
  pass(500);
  expect(clock.now()).toBe(at.redis);
  expect(clock.skewMs()).toBe(-120_000);
});

test('half of the way is taken into account, and an answer that took long is not', async () => {
  const { at, clock, lag } = clocks();
  lag(900);
  await clock.measure();
  expect(clock.now()).toBe(at.redis);
  at.redis += 40_000;
  lag(1_100);
  await clock.measure();
  expect(clock.now()).toBe(at.redis - 40_000);
});

describe('nothing may expire', () => {
  test.each([25 * 3_600_000, 60_001, -60_001])('while this machine is off by %i ms', async (skew) => {
    const { at, clock } = clocks();
    at.wall += skew;
    await clock.measure();
    expect(clock.doubt()).toMatch(/^the clock of this machine and that of Redis differ by \d+ s$/);
    at.wall -= skew;
    expect(clock.doubt()).toBeUndefined();
  });

  test('when Redis and this machine jump together, for an hour or until Redis is back', async () => {
    const { at, clock, pass } = clocks();
    await clock.measure();
    function jump(): void {
      at.redis += 90_000_000;
      at.wall += 90_000_000;
    }
    jump();
    await clock.measure();
    for (let minute = 0; minute < 60; minute += 1) {
      expect(clock.doubt()).toBe('the clock of Redis has jumped by 90000 s');
      pass(60_000);
      await clock.measure();
    }
    pass(1);
    expect(clock.doubt()).toBeUndefined();
    jump();
    await clock.measure();
    expect(clock.doubt()).toBeDefined();
    at.redis -= 90_000_000;
    at.wall -= 90_000_000;
    await clock.measure();
    expect(clock.doubt()).toBeUndefined();
  });

  test('but may while clocks differ by seconds, and drift', async () => {
    const { at, clock, pass } = clocks();
    for (let hour = 0; hour < 100; hour += 1) {
      at.redis += 1_000;
      at.wall += 1_000 + (hour % 2 === 0 ? 59_000 : -59_000);
      pass(3_600_000);
      await clock.measure();
      expect(clock.doubt()).toBeUndefined();
    }
  });
});
