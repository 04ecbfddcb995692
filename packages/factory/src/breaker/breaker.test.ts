import type { OutcomeKind } from '@proofbox/contract';
import { describe, expect, test } from 'vitest';
import { force } from './breaker-changes.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';
import type { BreakerState } from './breaker-state.ts';
import { shareOf } from './fleet-position.ts';
import { createMemoryBreakerStore } from './memory-breaker-store.ts';

type Change = Partial<BreakerOptions>;

/** Workers with one store between them, and a clock that tests turn by hand. */
function aFleet({ workers = 1, concurrency = 32 } = {}, changes: (rank: number) => Change = () => ({})) {
  const clock = { now: 1_000_000 };
  const store = createMemoryBreakerStore();
  const errors: Error[] = [];
  const breakers = Array.from(
    { length: workers },
    (_each, rank) =>
      new Breaker({
        factory: 'primary',
        store,
        worker: `worker-${rank}`,
        fleetPosition: () => ({ workers, rank }),
        concurrency,
        probeLeaseMs: 7_000,
        settings: 'the settings',
        onThrottled: () => {},
        now: () => clock.now,
        random: () => 0.5,
        onError: (error) => errors.push(error),
        ...changes(rank),
      }),
  );
  const change = (fields: Partial<BreakerState>) =>
    store.update('primary', (state) => ({ ...state, ...fields }));
  return { clock, store, breakers, breaker: breakers[0]!, errors, change, state: () => store.get('primary') };
}

/** An order that never failed there before, and that no other factory takes. */
const fresh = (id: string) => suspect(id, 0);
const suspect = (id: string, failures: number) => ({ id, failures, hasAlternative: false });

/** One call from beginning to end. @returns whether it was made */
async function call(breaker: Breaker, id: string, outcome: OutcomeKind, failures = 0): Promise<boolean> {
  const order = suspect(id, failures);
  if ((await breaker.admit(order)) === 'none') return false;
  breaker.record(order, outcome, { cause: 'chaos monkey', retryAfterMs: 1_000 });
  breaker.leave(id);
  return true;
}

async function calls(breaker: Breaker, outcome: OutcomeKind, ...orderIds: string[]): Promise<void> {
  for (const orderId of orderIds) expect(await call(breaker, orderId, outcome)).toBe(true);
}

/** A fleet whose factory has just failed three orders. */
async function anOpenFleet(...options: Parameters<typeof aFleet>) {
  const fleet = aFleet(...options);
  await calls(fleet.breaker, 'failed', 'a', 'b', 'c');
  expect(fleet.breaker.condition).toBe('open');
  return fleet;
}

/** One whose open time is over. */
async function aHalfOpenFleet(...options: Parameters<typeof aFleet>) {
  const fleet = await anOpenFleet(...options);
  fleet.clock.now = fleet.state().openUntil;
  return fleet;
}

/** One whose probe was baked. */
async function aRecoveringFleet(...options: Parameters<typeof aFleet>) {
  const fleet = await aHalfOpenFleet(...options);
  await calls(fleet.breaker, 'fulfilled', 'the probe');
  expect(fleet.breaker.condition).toBe('closed');
  return fleet;
}

describe('opening', () => {
  test.for<OutcomeKind>(['failed', 'unknown', 'not_sent', 'rejected'])(
    'three distinct orders in a row that end as %s open it for every worker',
    async (outcome) => {
      const { breakers, breaker, state } = aFleet({ workers: 3 });
      await calls(breaker, outcome, 'a', 'b');
      expect(breaker.condition).toBe('closed');
      await calls(breaker, outcome, 'c');
      expect(breakers.map((each) => each.condition)).toEqual(['open', 'open', 'open']);
      expect(breakers.map((each) => each.permits)).toEqual([0, 0, 0]);
      expect(state().cause).toContain('chaos monkey');
    },
  );

  test('the row is that of the fleet: one order at each of three workers', async () => {
    const { breakers, breaker } = aFleet({ workers: 3 });
    for (const [i, each] of breakers.entries()) await calls(each, 'failed', `order-${i}`);
    expect(breaker.condition).toBe('open');
  });

  /** @guarantee G4 */
  test('one order that fails a hundred times does not', async () => {
    const { breaker } = aFleet();
    for (let i = 0; i < 100; i += 1) await call(breaker, 'poison', 'failed', i);
    expect(breaker.condition).toBe('closed');
  });

  /** @guarantee G4 */
  test('six bad orders that are tried again and again do not, and keep no good one waiting', async () => {
    const { breaker } = aFleet();
    for (let i = 1; i < 50; i += 1)
      for (const bad of ['u', 'v', 'w', 'x', 'y', 'z'])
        expect(await call(breaker, bad, 'failed', i)).toBe(true);
    expect(breaker.condition).toBe('closed');
    await calls(breaker, 'fulfilled', 'good');
  });

  test('nine distinct orders that had failed before do: a backlog after an outage says something, too', async () => {
    const { breaker } = aFleet();
    for (const id of 'abcdefgh') await call(breaker, id, 'failed', 1);
    expect(breaker.condition).toBe('closed');
    await call(breaker, 'i', 'failed', 1);
    expect(breaker.condition).toBe('open');
  });

  test('a baked order ends the row', async () => {
    const { breaker } = aFleet();
    await calls(breaker, 'failed', 'a', 'b');
    await calls(breaker, 'fulfilled', 'c');
    await calls(breaker, 'failed', 'd', 'e');
    expect(breaker.condition).toBe('closed');
  });

  test('a factory that bakes every second order is not down', async () => {
    const { breaker, clock } = aFleet();
    for (let i = 0; i < 200; i += 1) {
      await calls(breaker, 'fulfilled', `good-${i}`);
      await calls(breaker, 'failed', `bad-${i}`);
      clock.now += 100;
    }
    expect(breaker).toMatchObject({ condition: 'closed', isMixed: true });
  });

  describe('where every second order fails', () => {
    async function aMixedFleet() {
      const fleet = aFleet();
      for (let i = 0; i < 40; i += 1)
        await calls(fleet.breaker, i % 2 ? 'fulfilled' : 'failed', `order-${i}`);
      return fleet;
    }

    test('a row of five is chance, and one of twelve an outage', async () => {
      const { breaker } = await aMixedFleet();
      await calls(breaker, 'failed', 'a', 'b', 'c', 'd', 'e');
      expect(breaker.condition).toBe('closed');
      for (const id of 'fghijkl') await call(breaker, id, 'failed');
      expect(breaker.condition).toBe('open');
    });

    test('suspects alone open it, too, if there are enough of them', async () => {
      const { breaker } = await aMixedFleet();
      for (let i = 0; i < 36; i += 1) await call(breaker, `suspect-${i}`, 'failed', 1);
      expect(breaker.condition).toBe('open');
    });
  });

  test('orders that are blamed already open nothing, however many: the factory has baked others meanwhile', async () => {
    const { breaker } = aFleet();
    for (let i = 0; i < 100; i += 1)
      breaker.record({ id: `order-${i}`, failures: 2, isBlamed: true }, 'failed', { cause: 'bad' });
    expect(breaker.condition).toBe('closed');
  });

  test.for<OutcomeKind>(['throttled', 'receipt_mismatch'])(
    'orders that end as %s never open it',
    async (outcome) => {
      const { breaker, clock } = aFleet();
      for (let i = 0; i < 20; i += 1) {
        await calls(breaker, outcome, `order-${i}`);
        clock.now += 1_100;
      }
      expect(breaker.condition).toBe('closed');
    },
  );

  test('what calls begun before the opening tell later changes nothing', async () => {
    const { breaker, state } = aFleet();
    for (const id of ['d', 'e', 'f']) await breaker.admit(fresh(id));
    await calls(breaker, 'failed', 'a', 'b', 'c');
    const opened = state();
    breaker.record(fresh('d'), 'failed');
    breaker.record(fresh('e'), 'fulfilled');
    breaker.record(fresh('f'), 'unknown');
    expect(state()).toEqual(opened);
  });

  test('calls that hung since before an opening do not open the mended factory again', async () => {
    const { breakers, state, clock } = aFleet({ workers: 2 });
    const [first, second] = breakers as [Breaker, Breaker];
    const hanging = ['d', 'e', 'f'];
    for (const id of hanging) await second.admit(fresh(id));
    await calls(first, 'failed', 'a', 'b', 'c');
    clock.now = state().openUntil;
    await calls(first, 'fulfilled', 'the probe');
    for (const id of hanging) second.record(fresh(id), 'unknown');
    expect(state()).toMatchObject({ state: 'closed', permits: 1, row: { fresh: [] } });
  });
});

describe('half-open', () => {
  test('one order in the whole fleet is the probe', async () => {
    const { breakers } = await aHalfOpenFleet({ workers: 3 });
    expect(breakers.map((each) => each.permits)).toEqual([1, 1, 1]);
    const admissions = await Promise.all(breakers.map((each, i) => each.admit(fresh(`order-${i}`))));
    expect(admissions.toSorted()).toEqual(['none', 'none', 'probe']);
    expect(breakers.map((each) => each.permits)).toEqual([0, 0, 0]);
    expect(await breakers[0]!.admit(fresh('another'))).toBe('none');
  });

  test('a fresh order goes at once, one that failed there 200 ms later for each time', async () => {
    const { breaker, clock } = await aHalfOpenFleet();
    const failedTwice = suspect('a', 2);
    expect([breaker.allowedAt(fresh('b')), breaker.allowedAt(failedTwice)]).toEqual([0, clock.now + 400]);
    clock.now += 399;
    expect(await breaker.admit(failedTwice)).toBe('none');
    clock.now += 1;
    expect(await breaker.admit(failedTwice)).toBe('probe');
  });

  test('a suspect that fails as the probe keeps no fresh order waiting', async () => {
    const { breaker, clock } = await aHalfOpenFleet();
    clock.now += 200;
    expect(await call(breaker, 'poison', 'failed', 1)).toBe(true);
    expect(breaker.allowedAt(suspect('poison', 1))).toBeGreaterThan(clock.now + 200);
    expect(await breaker.admit(fresh('good'))).toBe('probe');
  });

  test('while another factory takes orders it is tried with none of them before it was spared for a while', async () => {
    const { breaker, clock, state } = await aHalfOpenFleet();
    const servedElsewhere = { ...fresh('a'), hasAlternative: true };
    expect(breaker.isTakingOrders).toBe(false);
    expect(await breaker.admit(servedElsewhere)).toBe('none');
    clock.now = state().sparedUntil;
    expect(await breaker.admit(servedElsewhere)).toBe('probe');
  });

  test('a probe that nothing was learnt from gives its permit back', async () => {
    const { breakers } = await aHalfOpenFleet({ workers: 2 });
    expect(await breakers[0]!.admit(fresh('a'))).toBe('probe');
    breakers[0]!.leave('a');
    expect(await breakers[1]!.admit(fresh('b'))).toBe('probe');
  });

  test('a probe of which nothing is heard is given up after a while', async () => {
    const { breakers, clock } = await aHalfOpenFleet({ workers: 2 });
    await breakers[0]!.admit(fresh('a'));
    clock.now += 6_999;
    expect(await breakers[1]!.admit(fresh('b'))).toBe('none');
    clock.now += 1;
    expect(await breakers[1]!.admit(fresh('b'))).toBe('probe');
  });

  test('a probe that fails opens it again', async () => {
    const { breaker, state, clock } = await aHalfOpenFleet();
    await calls(breaker, 'failed', 'the probe');
    expect(state()).toMatchObject({ state: 'open', openUntil: clock.now + 300 });
    expect(breaker.availableAt).toBe(clock.now + 300);
  });

  test('an outage of an hour costs a dead factory three calls, and one for each time that it is open', async () => {
    const { breaker, clock, state } = await anOpenFleet();
    const end = clock.now + 3_600_000;
    let probes = 0;
    while (state().openUntil < end) {
      expect(await call(breaker, 'too soon', 'failed')).toBe(false);
      clock.now = state().openUntil;
      await calls(breaker, 'failed', `probe-${probes}`);
      probes += 1;
    }
    expect(probes).toBeGreaterThan(100);
    expect(probes).toBeLessThan(300);
  });

  test('a permit is not lost when Redis cannot say who probes', async () => {
    const { breaker, store } = await aHalfOpenFleet();
    store.isBroken = true;
    await expect(breaker.admit(fresh('a'))).rejects.toThrow('refuses');
    store.isBroken = false;
    expect(await breaker.admit(fresh('b'))).toBe('probe');
  });

  test('what cannot be written is told, and the next orders say it again', async () => {
    const { breaker, store, errors } = aFleet();
    store.isBroken = true;
    await calls(breaker, 'failed', 'a', 'b', 'c');
    await Promise.resolve();
    expect(errors.map(({ message }) => message)).toContain('Redis refuses to write');
    store.isBroken = false;
    await calls(breaker, 'failed', 'd', 'e', 'f');
    expect(breaker.condition).toBe('open');
  });
});

describe('instants that a wrong clock has written', () => {
  const hour = 3_600_000;

  /** @guarantee G3 */
  test('an open time an hour ahead keeps no order waiting', async () => {
    const { breaker, clock, change } = await anOpenFleet();
    await change({ openUntil: clock.now + hour, suspectsUntil: clock.now + hour });
    expect(breaker).toMatchObject({ condition: 'half_open', availableAt: 0, permits: 1 });
    expect(await breaker.admit(fresh('a'))).toBe('probe');
  });

  test('nor does a probe, and suspects are not kept waiting either', async () => {
    const { breaker, clock, change } = await aHalfOpenFleet();
    const probe = { orderId: 'p', worker: 'another', until: clock.now + hour };
    await change({ probe, suspectsUntil: clock.now + hour });
    clock.now += 200;
    expect(await breaker.admit(suspect('a', 1))).toBe('probe');
  });

  test('a plea for patience of an hour is none, and one of 3 s after it is heard', async () => {
    const { breaker, clock, change } = aFleet();
    await change({ throttledUntil: clock.now + hour, narrowedAt: clock.now + hour });
    expect(breaker.availableAt).toBe(0);
    await breaker.admit(fresh('a'));
    breaker.record(fresh('a'), 'throttled', { retryAfterMs: 3_000 });
    expect(breaker.availableAt).toBe(clock.now + 3_000);
    clock.now += 3_000;
    expect(breaker.permits).toBe(16);
  });

  test('calls that are under way still count when it was last closed an hour ahead', async () => {
    const { breaker, clock, change } = aFleet();
    await change({ changedAt: clock.now + hour });
    for (const id of ['a', 'b', 'c']) await breaker.admit(fresh(id));
    for (const id of ['a', 'b', 'c']) {
      clock.now += 10;
      breaker.record(fresh(id), 'failed');
    }
    expect(breaker.condition).toBe('open');
  });

  test('a row that began an hour ahead opens it for the shortest time', async () => {
    const { breaker, clock, change, state } = aFleet();
    await change({ row: { since: clock.now + hour, fresh: ['a', 'b'], suspects: [] } });
    await calls(breaker, 'failed', 'c');
    expect(state().openUntil).toBe(clock.now + 300);
  });
});

describe('slow start', () => {
  test('1, 2, 4 and so on up to all, each step when the permits were used and baked well', async () => {
    const { breaker } = await aRecoveringFleet({ concurrency: 10 });
    const seen = [breaker.permits];
    for (let i = 0; i < 1 + 2 + 4 + 8; i += 1) {
      await calls(breaker, 'fulfilled', `order-${i}`);
      if (breaker.permits !== seen.at(-1)) seen.push(breaker.permits);
    }
    expect(seen).toEqual([1, 2, 4, 8, 10]);
  });

  test('no more orders than permits are under way', async () => {
    const { breaker } = await aRecoveringFleet();
    await calls(breaker, 'fulfilled', 'a');
    expect(breaker.permits).toBe(2);
    expect(await breaker.admit(fresh('b'))).toBe('normal');
    expect(await breaker.admit(fresh('c'))).toBe('normal');
    expect(await breaker.admit(fresh('d'))).toBe('none');
    breaker.leave('b');
    expect(await breaker.admit(fresh('d'))).toBe('normal');
  });

  test.for([1, 2, 3, 4, 5, 8, 31, 32])(
    'the shares of three workers in %i permits add up',
    async (permits) => {
      const { breakers, change } = await aRecoveringFleet({ workers: 3 });
      await change({ permits });
      const shares = breakers.map((each) => each.permits);
      expect(shares.reduce((sum, each) => sum + each, 0)).toBe(permits);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      expect(shares).toEqual([0, 1, 2].map((rank) => shareOf(permits, { workers: 3, rank })));
    },
  );

  test('a worker without a share widens nothing with what it still had under way', async () => {
    const { breakers, change, state } = await aRecoveringFleet({ workers: 2 });
    await change({ permits: 2 });
    await breakers[1]!.admit(fresh('a'));
    await change({ permits: 1 });
    breakers[1]!.record(fresh('a'), 'fulfilled');
    expect(state().permits).toBe(1);
  });

  test('two that time out in a row halve what the fleet has there at once', async () => {
    const { breaker, state } = aFleet({ workers: 2, concurrency: 16 });
    await calls(breaker, 'unknown', 'a');
    expect(state().permits).toBe(undefined);
    await calls(breaker, 'unknown', 'b');
    expect(state().permits).toBe(16);
    expect(breaker.permits).toBe(8);
  });

  test('one that times out now and then among others that are baked does not', async () => {
    const { breaker, state } = aFleet();
    for (let i = 0; i < 10; i += 1) {
      await calls(breaker, 'unknown', `slow-${i}`);
      await calls(breaker, 'fulfilled', `good-${i}`);
    }
    expect(state().permits).toBe(undefined);
  });

  test('unless the order is a suspect, which may be slow by itself', async () => {
    const { breaker, state } = aFleet();
    await calls(breaker, 'failed', 'a');
    await call(breaker, 'poison', 'unknown', 1);
    expect(state().permits).toBe(undefined);
  });

  test('a complaint halves it too, and nothing is sent until the patience it asks for is over', async () => {
    const { breakers, breaker, state, clock } = aFleet({ workers: 2, concurrency: 16 });
    await breaker.admit(fresh('a'));
    breaker.record(fresh('a'), 'throttled', { retryAfterMs: 3_000 });
    breaker.leave('a');
    expect(breakers.map((each) => each.permits)).toEqual([0, 0]);
    expect(breakers.map((each) => each.availableAt)).toEqual([clock.now + 3_000, clock.now + 3_000]);
    clock.now += 3_000;
    expect(state().state).toBe('closed');
    expect(breakers.map((each) => each.permits)).toEqual([8, 8]);
  });

  test('every worker hears of a complaint once, and one that reads of an old one does not', async () => {
    const heard: number[] = [];
    const { breaker, change, clock } = aFleet({ workers: 2 }, (rank) => ({
      onThrottled: () => heard.push(rank),
    }));
    await calls(breaker, 'throttled', 'a');
    expect(heard).toEqual([0, 1]);
    await change({ permits: 3 });
    expect(heard).toEqual([0, 1]);
    clock.now += 60_000;
    await change({ throttledUntil: clock.now - 1 });
    expect(heard).toEqual([0, 1]);
  });
});

describe('a factory that refuses us', () => {
  /** One worker with the settings `old`, which are refused, and one with `new`. */
  async function aRefusedFleet() {
    const fleet = aFleet({ workers: 2 }, (rank) => ({ settings: ['old', 'new'][rank]! }));
    const [first, second] = fleet.breakers as [Breaker, Breaker];
    await calls(first, 'misconfigured', 'a', 'b', 'c');
    return { ...fleet, first, second };
  }

  /** @guarantee G4 */
  test('refusing one order, or two, it is in service for all others', async () => {
    const { breaker } = aFleet();
    for (let i = 0; i < 20; i += 1) await call(breaker, 'drop table', 'misconfigured', i);
    await call(breaker, 'no such store', 'misconfigured');
    expect(breaker.condition).toBe('closed');
    await calls(breaker, 'fulfilled', 'good');
  });

  test('three distinct orders in a row take it out of service', async () => {
    const { first, second, state } = await aRefusedFleet();
    expect(first).toMatchObject({ condition: 'out_of_service', permits: 0 });
    expect(second.condition).toBe('out_of_service');
    expect(state().refused).toBe('old');
  });

  test('it is probed like any other, and back as soon as it bakes an order', async () => {
    const { first, clock, state } = await aRefusedFleet();
    expect(await first.admit(fresh('too soon'))).toBe('none');
    clock.now = state().openUntil;
    expect(first).toMatchObject({ condition: 'out_of_service', permits: 1, availableAt: 0 });
    await calls(first, 'fulfilled', 'd');
    expect(first).toMatchObject({ condition: 'closed', permits: 1 });
    expect(state().refused).toBe(undefined);
  });

  test('a worker with other settings has it tried at once, once', async () => {
    const { second, clock, state } = await aRefusedFleet();
    second.introduceSettings();
    expect(second).toMatchObject({ availableAt: 0, permits: 1 });
    await calls(second, 'misconfigured', 'd');
    expect(state().openUntil).toBe(clock.now + 300);
    second.introduceSettings();
    expect(state().openUntil).toBe(clock.now + 300);
  });

  test('a worker with the settings that it refused changes nothing', async () => {
    const { first, state } = await aRefusedFleet();
    const before = state();
    first.introduceSettings();
    expect(state()).toEqual(before);
  });

  test('a call that was under way and is baked does not bring it back', async () => {
    const { breaker } = aFleet();
    await breaker.admit(fresh('early'));
    await calls(breaker, 'misconfigured', 'a', 'b', 'c');
    breaker.record(fresh('early'), 'fulfilled');
    expect(breaker.condition).toBe('out_of_service');
  });

  test('an operator has it tried at once', async () => {
    const { first, store, clock } = await aRefusedFleet();
    await store.update('primary', force({ to: 'auto', by: 'ann', why: 'mended', now: clock.now }));
    expect(first).toMatchObject({ condition: 'out_of_service', permits: 1, availableAt: 0 });
  });
});

describe("an operator's word", () => {
  async function forced(to: 'open' | 'closed', { store }: ReturnType<typeof aFleet>) {
    await store.update('primary', force({ to, by: 'ann', why: 'a test', now: 1_000_000 }));
  }

  test('forced open it takes no order, whatever is baked', async () => {
    const fleet = aFleet({ workers: 2 });
    await fleet.breaker.admit(fresh('early'));
    await forced('open', fleet);
    fleet.breaker.record(fresh('early'), 'fulfilled');
    for (const each of fleet.breakers)
      expect(each).toMatchObject({ condition: 'forced_open', permits: 0, availableAt: Infinity });
    expect(await fleet.breaker.admit(fresh('a'))).toBe('none');
  });

  test('forced closed it takes orders, whatever fails, and suspects as well', async () => {
    const fleet = aFleet();
    await forced('closed', fleet);
    await calls(fleet.breaker, 'failed', 'a', 'b', 'c', 'd', 'e');
    expect(fleet.breaker.condition).toBe('forced_closed');
    expect(await fleet.breaker.admit(fresh('f'))).toBe('normal');
    expect(await fleet.breaker.admit(suspect('g', 3))).toBe('normal');
  });

  test('forced closed while it refuses us, it is asked every 5 s and not as fast as its orders come back', async () => {
    const fleet = aFleet();
    await forced('closed', fleet);
    await calls(fleet.breaker, 'misconfigured', 'a');
    expect(fleet.breaker).toMatchObject({ condition: 'forced_closed', permits: 0 });
    expect(fleet.breaker.availableAt).toBe(fleet.clock.now + 5_000);
    fleet.clock.now += 5_000;
    await calls(fleet.breaker, 'fulfilled', 'a');
    expect(fleet.state().state).toBe('closed');
  });

  test('forced closed while it was open, it is closed by the first order that is baked', async () => {
    const fleet = await anOpenFleet();
    await forced('closed', fleet);
    await calls(fleet.breaker, 'fulfilled', 'd');
    expect(fleet.state().state).toBe('closed');
  });
});
