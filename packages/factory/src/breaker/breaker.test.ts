import type { OutcomeKind } from '@proofbox/contract';
import { force, shareOf } from '@proofbox/ledger';
import { describe, expect, test } from 'vitest';
import { Breaker, type BreakerOptions } from './breaker.ts';
import { createTestBoard } from './test-board.ts';

type Change = Partial<BreakerOptions>;

/** Workers with one board between them, and a clock that tests turn by hand. */
function aFleet({ workers = 1, concurrency = 32 } = {}, changes: (rank: number) => Change = () => ({})) {
  const clock = { now: 1_000_000 };
  const board = createTestBoard();
  const errors: Error[] = [];
  const breakers = Array.from(
    { length: workers },
    (_each, rank) =>
      new Breaker({
        factory: 'primary',
        board,
        worker: `worker-${rank}`,
        fleetPlace: () => ({ workers, rank }),
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
  return { clock, board, breakers, breaker: breakers[0]!, errors };
}

/** One call from beginning to end. */
async function call(breaker: Breaker, orderId: string, outcome: OutcomeKind): Promise<void> {
  expect(await breaker.admit(orderId)).not.toBe('none');
  breaker.record(orderId, outcome, { cause: 'chaos monkey', retryAfterMs: 1_000 });
  breaker.leave(orderId);
}

async function calls(breaker: Breaker, outcome: OutcomeKind, ...orderIds: string[]): Promise<void> {
  for (const orderId of orderIds) await call(breaker, orderId, outcome);
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
  fleet.clock.now = fleet.board.verdict.openUntil;
  return fleet;
}

/** One whose probe was baked. */
async function aRecoveringFleet(...options: Parameters<typeof aFleet>) {
  const fleet = await aHalfOpenFleet(...options);
  await call(fleet.breaker, 'the probe', 'fulfilled');
  expect(fleet.breaker.condition).toBe('closed');
  return fleet;
}

describe('opening', () => {
  test.for<OutcomeKind>(['failed', 'unknown', 'not_sent'])(
    'three distinct orders in a row that end as %s open it for every worker',
    async (outcome) => {
      const { breakers, breaker, board } = aFleet({ workers: 3 });
      await calls(breaker, outcome, 'a', 'b');
      expect(breaker.condition).toBe('closed');
      await call(breaker, 'c', outcome);
      expect(breakers.map((each) => each.condition)).toEqual(['open', 'open', 'open']);
      expect(breakers.map((each) => each.places)).toEqual([0, 0, 0]);
      expect(board.verdict.cause).toContain('chaos monkey');
    },
  );

  test('one order that fails a hundred times does not', async () => {
    const { breaker } = aFleet();
    for (let i = 0; i < 100; i += 1) await call(breaker, 'poison', 'failed');
    expect(breaker.condition).toBe('closed');
  });

  test('a success resets the streak', async () => {
    const { breaker } = aFleet();
    await calls(breaker, 'failed', 'a', 'b');
    await call(breaker, 'c', 'fulfilled');
    await calls(breaker, 'failed', 'd', 'e');
    expect(breaker.condition).toBe('closed');
  });

  test('half of ten orders within 30 s do, also when no three of them come in a row', async () => {
    const { breaker } = aFleet();
    for (const i of [1, 2, 3, 4]) {
      await call(breaker, `good-${i}`, 'fulfilled');
      await call(breaker, `bad-${i}`, 'failed');
    }
    await call(breaker, 'good-5', 'fulfilled');
    expect(breaker.condition).toBe('closed');
    await call(breaker, 'bad-5', 'failed');
    expect(breaker.condition).toBe('open');
  });

  test('the same ten orders within 40 s do not', async () => {
    const { breaker, clock } = aFleet();
    for (const i of [1, 2, 3, 4, 5]) {
      await call(breaker, `good-${i}`, 'fulfilled');
      clock.now += 8_000;
      await call(breaker, `bad-${i}`, 'failed');
    }
    expect(breaker.condition).toBe('closed');
  });

  test.for<OutcomeKind>(['rejected', 'throttled'])('orders that end as %s never open it', async (outcome) => {
    const { breaker, clock } = aFleet();
    for (let i = 0; i < 20; i += 1) {
      await call(breaker, `order-${i}`, outcome);
      clock.now += 1_100;
    }
    expect(breaker.condition).toBe('closed');
  });

  test('what calls begun before the opening tell later changes nothing', async () => {
    const { breaker, board } = aFleet();
    for (const orderId of ['d', 'e', 'f']) await breaker.admit(orderId);
    await calls(breaker, 'failed', 'a', 'b', 'c');
    const opened = board.verdict;
    breaker.record('d', 'failed');
    breaker.record('e', 'fulfilled');
    breaker.record('f', 'unknown');
    expect(board.verdict).toEqual(opened);
  });

  test('calls that hung since before an opening do not open the mended factory again', async () => {
    const { breakers, board, clock } = aFleet({ workers: 2 });
    const [first, second] = breakers as [Breaker, Breaker];
    const hanging = ['d', 'e', 'f'];
    for (const orderId of hanging) await second.admit(orderId);
    await calls(first, 'failed', 'a', 'b', 'c');
    clock.now = board.verdict.openUntil;
    await call(first, 'the probe', 'fulfilled');
    for (const orderId of hanging) second.record(orderId, 'unknown');
    expect(board.verdict).toMatchObject({ state: 'closed', places: 1 });
  });
});

describe('half-open', () => {
  test('one order in the whole fleet is the probe', async () => {
    const { breakers } = await aHalfOpenFleet({ workers: 3 });
    expect(breakers.map((each) => each.places)).toEqual([1, 1, 1]);
    const admissions = await Promise.all(breakers.map((each, i) => each.admit(`order-${i}`)));
    expect(admissions.toSorted()).toEqual(['none', 'none', 'probe']);
    expect(breakers.map((each) => each.places)).toEqual([0, 0, 0]);
    expect(await breakers[0]!.admit('another')).toBe('none');
  });

  test('a probe that nothing was learnt from gives its place back', async () => {
    const { breakers } = await aHalfOpenFleet({ workers: 2 });
    expect(await breakers[0]!.admit('a')).toBe('probe');
    breakers[0]!.leave('a');
    expect(await breakers[1]!.admit('b')).toBe('probe');
  });

  test('a probe of which nothing is heard is given up after a while', async () => {
    const { breakers, clock } = await aHalfOpenFleet({ workers: 2 });
    await breakers[0]!.admit('a');
    clock.now += 6_999;
    expect(await breakers[1]!.admit('b')).toBe('none');
    clock.now += 1;
    expect(await breakers[1]!.admit('b')).toBe('probe');
  });

  test('a probe that fails opens it again, for longer', async () => {
    const { breaker, board, clock } = await aHalfOpenFleet();
    await call(breaker, 'the probe', 'failed');
    expect(board.verdict).toMatchObject({ state: 'open', openUntil: clock.now + 10_000 });
    expect(breaker.availableAt).toBe(board.verdict.openUntil);
  });

  test('a place is not lost when Redis cannot say who probes', async () => {
    const { breaker, board } = await aHalfOpenFleet();
    board.isBroken = true;
    await expect(breaker.admit('a')).rejects.toThrow('refuses');
    board.isBroken = false;
    expect(await breaker.admit('b')).toBe('probe');
  });
});

describe('slow start', () => {
  test('1, 2, 4 and so on up to all, each step when the places were used and baked well', async () => {
    const { breaker } = await aRecoveringFleet({ concurrency: 10 });
    const seen = [breaker.places];
    for (let i = 0; i < 1 + 2 + 4 + 8; i += 1) {
      await call(breaker, `order-${i}`, 'fulfilled');
      if (breaker.places !== seen.at(-1)) seen.push(breaker.places);
    }
    expect(seen).toEqual([1, 2, 4, 8, 10]);
  });

  test('no more orders than places are under way', async () => {
    const { breaker } = await aRecoveringFleet();
    await call(breaker, 'a', 'fulfilled');
    expect(breaker.places).toBe(2);
    expect(await breaker.admit('b')).toBe('normal');
    expect(await breaker.admit('c')).toBe('normal');
    expect(await breaker.admit('d')).toBe('none');
    breaker.leave('b');
    expect(await breaker.admit('d')).toBe('normal');
  });

  test.for([1, 2, 3, 4, 5, 8, 31, 32])('the shares of three workers in %i places add up', async (places) => {
    const { breakers, board } = await aRecoveringFleet({ workers: 3 });
    await board.update('primary', (verdict) => ({ ...verdict, places }));
    const shares = breakers.map((each) => each.places);
    expect(shares.reduce((sum, each) => sum + each, 0)).toBe(places);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    expect(shares).toEqual([0, 1, 2].map((rank) => shareOf(places, { workers: 3, rank })));
  });

  test('a worker without a share widens nothing with what it still had under way', async () => {
    const { breakers, board } = await aRecoveringFleet({ workers: 2 });
    await board.update('primary', (verdict) => ({ ...verdict, places: 2 }));
    await breakers[1]!.admit('a');
    await board.update('primary', (verdict) => ({ ...verdict, places: 1 }));
    breakers[1]!.record('a', 'fulfilled');
    expect(board.verdict.places).toBe(1);
  });

  test('a call that times out halves what the fleet has there at once', async () => {
    const { breaker, board } = aFleet({ workers: 2, concurrency: 16 });
    await call(breaker, 'a', 'unknown');
    expect(board.verdict.places).toBe(16);
    expect(breaker.places).toBe(8);
  });

  test('a complaint halves it too, and nothing is sent until the patience it asks for is over', async () => {
    const { breakers, breaker, board, clock } = aFleet({ workers: 2, concurrency: 16 });
    await breaker.admit('a');
    breaker.record('a', 'throttled', { retryAfterMs: 3_000 });
    breaker.leave('a');
    expect(breakers.map((each) => each.places)).toEqual([0, 0]);
    expect(breakers.map((each) => each.availableAt)).toEqual([clock.now + 3_000, clock.now + 3_000]);
    clock.now += 3_000;
    expect(board.verdict.state).toBe('closed');
    expect(breakers.map((each) => each.places)).toEqual([8, 8]);
  });

  test('every worker hears of a complaint once, and one that reads of an old one does not', async () => {
    const heard: number[] = [];
    const { breaker, board, clock } = aFleet({ workers: 2 }, (rank) => ({
      onThrottled: () => heard.push(rank),
    }));
    await call(breaker, 'a', 'throttled');
    expect(heard).toEqual([0, 1]);
    await board.update('primary', (verdict) => ({ ...verdict, places: 3 }));
    expect(heard).toEqual([0, 1]);
    clock.now += 60_000;
    await board.update('primary', (verdict) => ({ ...verdict, throttledUntil: clock.now - 1 }));
    expect(heard).toEqual([0, 1]);
  });
});

describe('out of service', () => {
  /** One worker with the settings `old` and one with `new`. */
  async function aRefusedFleet() {
    const fleet = aFleet({ workers: 2 }, (rank) => ({ settings: ['old', 'new'][rank]! }));
    const [first, second] = fleet.breakers as [Breaker, Breaker];
    await call(first, 'a', 'misconfigured');
    return { ...fleet, first, second };
  }

  test('one refusal takes it out for whoever has these settings, for good', async () => {
    const { first, clock } = await aRefusedFleet();
    expect(first).toMatchObject({ condition: 'out_of_service', places: 0, availableAt: Infinity });
    clock.now += 86_400_000;
    expect(first).toMatchObject({ condition: 'out_of_service', places: 0 });
  });

  test('a call that was under way and is baked does not bring it back', async () => {
    const { breaker } = aFleet();
    await breaker.admit('early');
    await call(breaker, 'a', 'misconfigured');
    breaker.record('early', 'fulfilled');
    expect(breaker.condition).toBe('out_of_service');
  });

  test('a worker with other settings tries by itself, one order at a time, and brings it back carefully', async () => {
    const { second, board } = await aRefusedFleet();
    expect(second).toMatchObject({ condition: 'closed', places: 1 });
    await call(second, 'b', 'fulfilled');
    expect(board.verdict).toMatchObject({ state: 'closed', places: 1 });
    expect(second.places).toBe(1);
  });

  test('the worker with the refused settings stays away at first while others are served', async () => {
    const { first, second, clock } = await aRefusedFleet();
    await call(second, 'b', 'fulfilled');
    expect(first).toMatchObject({ condition: 'out_of_service', places: 0 });
    clock.now += 60_000;
    expect(first.condition).toBe('closed');
  });

  test('two workers whose settings are both refused both stay away', async () => {
    const { first, second } = await aRefusedFleet();
    await call(second, 'b', 'misconfigured');
    expect([first.condition, second.condition]).toEqual(['out_of_service', 'out_of_service']);
  });

  test('an operator gives it another chance', async () => {
    const { first, board, clock } = await aRefusedFleet();
    await board.update('primary', force({ to: 'auto', by: 'ann', why: 'mended', now: clock.now }));
    expect(first).toMatchObject({ condition: 'closed', places: 1 });
  });
});

describe("an operator's word", () => {
  async function forced(to: 'open' | 'closed', fleet: { board: ReturnType<typeof createTestBoard> }) {
    await fleet.board.update('primary', force({ to, by: 'ann', why: 'a test', now: 1_000_000 }));
  }

  test('forced open it takes no order, whatever is baked', async () => {
    const fleet = aFleet({ workers: 2 });
    await fleet.breaker.admit('early');
    await forced('open', fleet);
    fleet.breaker.record('early', 'fulfilled');
    for (const each of fleet.breakers)
      expect(each).toMatchObject({ condition: 'forced_open', places: 0, availableAt: Infinity });
    expect(await fleet.breaker.admit('a')).toBe('none');
  });

  test('forced closed it takes orders, whatever fails', async () => {
    const fleet = aFleet();
    await forced('closed', fleet);
    await calls(fleet.breaker, 'failed', 'a', 'b', 'c', 'd', 'e');
    expect(fleet.breaker.condition).toBe('forced_closed');
    expect(await fleet.breaker.admit('f')).toBe('normal');
  });

  test('forced closed while it refuses us, it is asked every 5 s and not as fast as its orders come back', async () => {
    const fleet = aFleet();
    await forced('closed', fleet);
    await call(fleet.breaker, 'a', 'misconfigured');
    expect(fleet.breaker).toMatchObject({ condition: 'forced_closed', places: 0 });
    expect(fleet.breaker.availableAt).toBe(fleet.clock.now + 5_000);
    fleet.clock.now += 5_000;
    await call(fleet.breaker, 'a', 'fulfilled');
    expect(fleet.board.verdict.state).toBe('closed');
  });
});
