import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeCanaryLease } from './canary-lease.ts';
import { noteCanaryBaked, readFactoryFacts } from './factory-facts.ts';
import { countWorkers, joinFleet } from './fleet.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

test('of three workers that ask at once, one sends the canary, once per interval and factory', async () => {
  const ask = () => takeCanaryLease({ ...box, factory: 'primary', purpose: 'look', intervalMs: 2_000 });
  expect((await Promise.all([ask(), ask(), ask()])).filter(Boolean)).toHaveLength(1);
  expect(await takeCanaryLease({ ...box, factory: 'fallback', purpose: 'look', intervalMs: 200 })).toBe(true);
  expect(await ask()).toBe(false);
  // A witness against an order is another matter.
  expect(await takeCanaryLease({ ...box, factory: 'primary', purpose: 'witness', intervalMs: 2_000 })).toBe(
    true,
  );
  await expect.poll(ask, { interval: 20, timeout: 10_000 }).toBe(true);
});

/** An order that this factory takes so long for. */
async function settled(tookMs: number, kind: 'fulfilled' | 'failed' = 'fulfilled'): Promise<void> {
  const id = await box.accepted();
  const attempt = await box.begin(id);
  box.clock.now += tookMs;
  const outcome = kind === 'fulfilled' ? { kind, receipt: `r ${id}` } : { kind, detail: 'no' };
  await box.ledger.settle({ ...attempt, outcome });
}

test('when a factory last fulfilled an order is known to everybody, and is 0 before it ever did', async () => {
  expect(await readFactoryFacts(box, 'primary')).toEqual({ lastFulfilledAt: 0, knowsCanaries: false });
  await settled(20);
  expect(await readFactoryFacts(box, 'primary')).toEqual({
    lastFulfilledAt: box.clock.now,
    latencyMs: 20,
    knowsCanaries: false,
  });
  expect(await readFactoryFacts(box, 'fallback')).toEqual({ lastFulfilledAt: 0, knowsCanaries: false });
});

test('a canary that is baked is remembered, and is no fulfilled order', async () => {
  await noteCanaryBaked(box, { factory: 'primary', canaryId: 'canary-1', at: 5 });
  expect(await readFactoryFacts(box, 'primary')).toEqual({ lastFulfilledAt: 0, knowsCanaries: true });
  expect(await readFactoryFacts(box, 'fallback')).toMatchObject({ knowsCanaries: false });
});

test('where nothing but bad orders comes, baked canaries say that few fail: then a refusal counts', async () => {
  const failing = async () => Number(await box.redis.hget(box.names.factory('primary'), 'failing'));
  for (let i = 0; i < 10; i += 1) await settled(20, 'failed');
  expect(await failing()).toBeGreaterThan(0.2);
  for (let i = 0; i < 20; i += 1)
    await noteCanaryBaked(box, { factory: 'primary', canaryId: `canary-${i}`, at: box.clock.now });
  expect(await failing()).toBeLessThan(0.2);
});

test('how long a factory takes is a moving average over its good answers only', async () => {
  await settled(20);
  await settled(2_000, 'failed');
  expect((await readFactoryFacts(box, 'primary')).latencyMs).toBe(20);
  await settled(120);
  expect((await readFactoryFacts(box, 'primary')).latencyMs).toBe(30);
  // A clock that was turned back between the two.
  await settled(-5_000);
  expect((await readFactoryFacts(box, 'primary')).latencyMs).toBe(27);
});

test('a worker is the first of the fleet once it knows that no other one is', async () => {
  const [first, second] = ['a', 'b'].map((worker) => joinFleet({ ...box, worker }));
  expect(first!.isFirst()).toBe(false);
  await first!.beat();
  await second!.beat();
  expect([first!.isFirst(), second!.isFirst()]).toEqual([true, false]);
  await first![Symbol.asyncDispose]();
  await second!.beat();
  expect(second!.isFirst()).toBe(true);
});

test('the workers that are alive are counted', async () => {
  expect(await countWorkers(box)).toBe(0);
  const fleets = ['a', 'b'].map((worker) => joinFleet({ ...box, worker }));
  for (const fleet of fleets) await fleet.beat();
  await box.redis.zadd(box.names.workers, Date.now() - 5_000, 'one that fell silent');
  expect(await countWorkers(box)).toBe(2);
  await fleets[0]![Symbol.asyncDispose]();
  expect(await countWorkers(box)).toBe(1);
});
