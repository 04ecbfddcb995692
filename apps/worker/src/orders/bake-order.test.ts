import type { OrderRecord } from '@proofbox/contract';
import { noteCanaryBaked } from '@proofbox/ledger';
import { describe, expect, test } from 'vitest';
import { aWorker, seededRandom, type Arrival } from '../test-worker.ts';

const minute = 60_000;

/** Orders that arrive at even distances from now on. */
async function arriving(
  worker: ReturnType<typeof aWorker>,
  count: number,
  everyMs: number,
): Promise<Arrival[]> {
  const from = worker.clock.now;
  const ids = await Promise.all(Array.from({ length: count }, () => worker.accept()));
  return ids.map((id, i) => ({ id, at: from + i * everyMs }));
}

/** How long each waited for its receipt, in ms; Infinity for one that has none. */
async function waitsOf(worker: ReturnType<typeof aWorker>, arrivals: readonly Arrival[]): Promise<number[]> {
  const orders = await worker.orders(arrivals.map(({ id }) => id));
  return orders.map(({ fulfilledAt = Infinity }, i) => fulfilledAt - arrivals[i]!.at);
}

function tally(orders: readonly OrderRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of orders) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

describe('a factory that answers 400 to everything', () => {
  /** @guarantee G3 */
  test('costs no order where the other one bakes: each has its receipt at once, and three distinct ones open the breaker', async () => {
    const worker = aWorker({ primary: { answer: () => 400 }, fallback: { answer: () => 200 } });
    const arrivals = await arriving(worker, 40, 500);
    await worker.run(arrivals);
    expect(Math.max(...(await waitsOf(worker, arrivals)))).toBeLessThanOrEqual(40);
    const refused = worker.calls.filter(({ factory }) => factory === 'primary');
    expect(new Set(refused.slice(0, 3).map(({ orderId }) => orderId)).size).toBe(3);
    // In 20 s: three that opened it, and one each time that it was spared for 5 s.
    expect(refused.length).toBeLessThanOrEqual(3 + 4);
    expect(worker.breaker('primary').condition).not.toBe('closed');
    expect(worker.breaker('fallback').condition).toBe('closed');
  });

  test('and is the only one costs none either: all wait, and are baked once it is mended', async () => {
    let isMended = false;
    const worker = aWorker({ primary: { answer: () => (isMended ? 200 : 400) } });
    const arrivals = await arriving(worker, 10, 500);
    const ids = arrivals.map(({ id }) => id);
    const mendedAt = worker.clock.now + 5 * minute;
    await worker.run(arrivals, mendedAt);
    expect(tally(await worker.orders(ids))).toEqual({ queued: 10 });
    expect(worker.calls.length).toBeLessThan(3 + 150);
    isMended = true;
    worker.clock.now = mendedAt;
    await worker.run(ids.map((id) => ({ id, at: mendedAt })));
    expect(tally(await worker.orders(ids))).toEqual({ fulfilled: 10 });
  });

  /** @guarantee G3 */
  test('as the other one does, costs none', async () => {
    const worker = aWorker({ primary: { answer: () => 400 }, fallback: { answer: () => 422 } });
    const arrivals = await arriving(worker, 8, 500);
    await worker.run(arrivals, worker.clock.now + 3 * minute);
    expect(tally(await worker.orders(arrivals.map(({ id }) => id)))).toEqual({ queued: 8 });
  });
});

describe.for([400, 403, 404, 413, 422])('a factory that answers %i to one order', (status) => {
  /** Bakes all orders but the first it ever sees. */
  function refusingOne() {
    let bad: string | undefined;
    return { answer: (orderId: string) => ((bad ??= orderId) === orderId ? status : 200) };
  }

  test('bakes all others, and the other factory bakes that one', async () => {
    const worker = aWorker({ primary: refusingOne(), fallback: { answer: () => 200 } });
    const arrivals = await arriving(worker, 10, 500);
    await worker.run(arrivals);
    expect(Math.max(...(await waitsOf(worker, arrivals)))).toBeLessThanOrEqual(40);
    expect(worker.breaker('primary').condition).toBe('closed');
    expect(worker.calls.filter(({ factory }) => factory === 'fallback')).toHaveLength(1);
  });

  /** @guarantee G4 */
  test('makes a dead letter of it when it has baked others meanwhile, with its history, and no sooner', async () => {
    const worker = aWorker({ primary: refusingOne() });
    const arrivals = await arriving(worker, 30, 2_000);
    await worker.run(arrivals);
    const [bad, ...others] = await worker.orders(arrivals.map(({ id }) => id));
    expect(bad).toMatchObject({ state: 'dead', reason: 'rejected' });
    const { attempts } = bad!;
    expect(attempts.filter(({ counted }) => counted)).toHaveLength(2);
    expect(attempts[0]).not.toHaveProperty('counted');
    expect(attempts.at(-1)!.endedAt! - arrivals[0]!.at).toBeLessThan(minute);
    expect(tally(others)).toEqual({ fulfilled: 29 });
    expect(worker.breaker('primary').condition).toBe('closed');
  });

  test('and sees no other order says nothing of it, however often it is asked: it waits', async () => {
    const worker = aWorker({ primary: { answer: () => status } });
    const id = await worker.accept();
    await worker.run([{ id, at: worker.clock.now }], worker.clock.now + 30 * minute);
    const [order] = await worker.orders([id]);
    expect(order!.state).toBe('queued');
    expect(order!.attempts.length).toBeGreaterThan(5);
    expect(worker.witnesses).toContain('primary');
  });

  test('and bakes a canary between: the canary is the witness', async () => {
    const worker = aWorker({ primary: { answer: () => status } });
    worker.context.wantWitness = (factory) =>
      void noteCanaryBaked(worker, { factory, canaryId: 'canary-1', at: (worker.clock.now += 1) });
    const id = await worker.accept();
    await worker.run([{ id, at: worker.clock.now }], worker.clock.now + 5 * minute);
    expect(await worker.orders([id])).toMatchObject([{ state: 'dead', reason: 'rejected' }]);
  });
});

describe('bad orders at a single factory that bakes all others', () => {
  test('six of them, answered with 500 each time: each good one has its receipt at once, the bad ones are dead within a minute of good ones', async () => {
    const bad = new Set<string>();
    const worker = aWorker({ primary: { answer: (id) => (bad.has(id) ? 500 : 200) } });
    const badOnes = await arriving(worker, 6, 10);
    for (const { id } of badOnes) bad.add(id);
    const goodOnes = (await arriving(worker, 45, 2_000)).map(({ id, at }) => ({ id, at: at + 500 }));
    await worker.run([...badOnes, ...goodOnes]);
    const waits = (await waitsOf(worker, goodOnes)).toSorted((a, b) => a - b);
    expect(waits[Math.floor(0.95 * waits.length)]).toBeLessThan(2_000);
    expect(Math.max(...waits)).toBeLessThan(4_000);
    for (const order of await worker.orders([...bad])) {
      expect(order).toMatchObject({ state: 'dead', reason: 'exhausted', countedFailures: 5 });
      expect(order.attempts.length).toBeGreaterThan(5);
      expect(order.attempts.at(-1)!.endedAt! - goodOnes[0]!.at).toBeLessThan(minute);
    }
  });

  test('one in ten: the good ones do not feel it', async () => {
    const bad = new Set<string>();
    const worker = aWorker({ primary: { answer: (id) => (bad.has(id) ? 500 : 200) } });
    const arrivals = await arriving(worker, 100, 200);
    arrivals.forEach(({ id }, i) => i % 10 === 0 && i < 50 && bad.add(id));
    await worker.run(arrivals, arrivals.at(-1)!.at + minute);
    const waits = await waitsOf(
      worker,
      arrivals.filter(({ id }) => !bad.has(id)),
    );
    expect(Math.max(...waits)).toBeLessThan(1_000);
    expect(tally(await worker.orders([...bad]))).toEqual({ dead: 5 });
  });
});

describe('a single factory that', () => {
  test('answers every second call with 500: nine in ten diners have their receipt within 4 s, a plain client half of them', async () => {
    const random = seededRandom(7);
    const worker = aWorker({ primary: { answer: () => (random() < 0.49 ? 500 : 200) } });
    const arrivals = await arriving(worker, 120, 400);
    await worker.run(arrivals);
    const waits = await waitsOf(worker, arrivals);
    expect(waits.filter((ms) => ms <= 4_000).length / waits.length).toBeGreaterThan(0.9);
    expect(tally(await worker.orders(arrivals.map(({ id }) => id)))).toEqual({ fulfilled: 120 });
  });

  test('bakes for 3 s and fails for 3 s in turn: whoever comes while it bakes has the receipt at once', async () => {
    const worker = aWorker({
      primary: { answer: () => (Math.floor(worker.clock.now / 3_000) % 2 === 0 ? 200 : 500) },
    });
    const arrivals = await arriving(worker, 120, 500);
    await worker.run(arrivals);
    const waits = await waitsOf(worker, arrivals);
    expect(waits.filter((ms) => ms <= 4_000).length / waits.length).toBeGreaterThan(0.95);
  });

  test('answers 429 once, right after a quiet second, and bakes ever after: nobody else waits', async () => {
    let calls = 0;
    const worker = aWorker({ primary: { answer: () => ((calls += 1) === 1 ? 429 : 200) } });
    const arrivals = await arriving(worker, 100, 100);
    await worker.run(arrivals);
    const late = await waitsOf(
      worker,
      arrivals.filter(({ at }) => at > arrivals[0]!.at + 3_000),
    );
    expect(Math.max(...late)).toBeLessThan(500);
  });

  /** @guarantee G3 */
  test('is down for half an hour is called three times and once each time that it is open, and no order dies of it', async () => {
    let isMended = false;
    const worker = aWorker({ primary: { answer: () => (isMended ? 200 : 'refused') } });
    const arrivals = await arriving(worker, 8, 500);
    const ids = arrivals.map(({ id }) => id);
    const mendedAt = worker.clock.now + 30 * minute;
    await worker.run(arrivals, mendedAt);
    expect(tally(await worker.orders(ids))).toEqual({ queued: 8 });
    expect(worker.calls.length).toBeLessThan(3 + 250);
    isMended = true;
    worker.clock.now = mendedAt;
    await worker.run(ids.map((id) => ({ id, at: mendedAt })));
    expect(tally(await worker.orders(ids))).toEqual({ fulfilled: 8 });
    expect(Math.max(...(await waitsOf(worker, arrivals)))).toBeLessThan(32 * minute);
  });
});

test.for([
  ['becomes a dead letter once its deadline has passed', true, 'dead'],
  ['is baked all the same while a clock is in doubt', false, 'fulfilled'],
] as const)('an order %s', async ([, mayExpire, state]) => {
  const worker = aWorker({ primary: { answer: () => 200 } }, { mayExpire: () => mayExpire });
  const id = await worker.accept();
  worker.clock.now += 86_400_001;
  await worker.bake(id);
  expect(await worker.orders([id])).toMatchObject([{ state }]);
});
