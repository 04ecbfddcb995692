import { factoryNames, type Outcome } from '@proofbox/contract';
import * as fc from 'fast-check';
import type { AttemptKey, Settlement } from '../../orders/ledger.ts';
import type { LedgerModel, NewModelOrder } from './ledger-model.ts';
import {
  diners,
  loseEverything,
  realOrder,
  stores,
  type Fault,
  type LedgerUnderTest,
} from './ledger-under-test.ts';

/** What both have done so far. */
export type World = { real: LedgerUnderTest; model: LedgerModel; attempts: AttemptKey[]; made: number };

/** One step of a life. @returns what the ledger and the model answered */
export type Step = {
  name: string;
  input: unknown;
  take(world: World): Promise<[real: unknown, model: unknown]>;
};

const order = fc.constantFrom('pb-1', 'pb-1', 'pb-2');
const worker = fc.constantFrom('w', 'v');
const factory = fc.constantFrom(...factoryNames);
const someMs = fc.constantFrom(0, 1, 1_000, 2_000, 2_001, 10_000, 60_000, 150_000, 200_000);
const hostileText = fc.oneof(
  fc.constantFrom('', 'chaos 5', 'half \ud83c', '\0"\\', '🍕🍕', '1e400', 'pb-s2f0xpgzbxngmg2w6ywm56ab'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const status = fc.constantFrom(200, 400, 500);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant('fulfilled' as const), receipt: fc.constantFrom('r1', 'r2', 'r3') }),
  fc.record({
    kind: fc.constantFrom(
      'not_sent',
      'failed',
      'failed',
      'receipt_mismatch',
      'unknown',
      'rejected',
      'misconfigured',
    ),
    detail: hostileText,
    status,
  }),
  fc.record({ kind: fc.constant('throttled' as const), detail: hostileText, retryAfterMs: fc.constant(1) }),
);
const newOrder = fc.record({
  id: order,
  fingerprint: fc.constantFrom('f', 'f', 'f', 'g'),
  diner: fc.constantFrom(...diners),
  store: fc.constantFrom(...stores),
  deadlineMs: fc.constantFrom(60_000, 86_400_000),
  age: fc.constantFrom(0, 0, 1, 5_000, 100_000),
});
const settlement = fc.record({
  state: fc.constantFrom('fulfilled', 'dead', 'held', 'discarded', 'none'),
  at: fc.integer({ min: -100_000, max: 100_000 }),
  isPresumed: fc.boolean(),
});

/** A step of which the scripts run as they should, most of the time. */
function step<I>(
  name: string,
  inputs: fc.Arbitrary<I>,
  act: (world: World, input: I) => { real: () => Promise<unknown>; model: () => unknown },
): fc.Arbitrary<Step> {
  const faults = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Fault>('none') },
    fc.constantFrom<Fault>('before', 'after'),
  );
  return fc.record({ input: inputs, fault: faults }).map(({ input, fault }) => ({
    name,
    input: { ...input, fault },
    async take(world) {
      const { real, model } = act(world, input);
      world.real.failNext(fault);
      try {
        const answer = await real();
        world.real.failNext('none');
        return [answer, model()];
      } catch (error) {
        const { message } = error as Error;
        if (message !== 'not run' && message !== 'reply lost') throw error;
        if (message === 'reply lost') model();
        return [message, message];
      }
    },
  }));
}

/** An attempt that somebody began, or in a Redis that was lost since. */
function attemptOf({ attempts }: World, which: number): AttemptKey {
  return (
    attempts[which % Math.max(1, attempts.length)] ?? {
      id: 'pb-1',
      n: 1,
      token: 'of nobody',
      factory: 'primary',
    }
  );
}

function toSettlement(now: number, drawn: { state: string; at: number }): Settlement | undefined {
  const at = now + drawn.at;
  switch (drawn.state) {
    case 'fulfilled':
      return { state: 'fulfilled', at, receipt: 'r1', factory: 'primary', fulfilledAt: at };
    case 'dead':
      return { state: 'dead', at, reason: 'exhausted' };
    case 'held':
      return { state: 'held', at, reason: 'unknown_outcome' };
    case 'discarded':
      return { state: 'discarded', at, discardReason: 'refunded' };
    default:
      return undefined;
  }
}

/** The newest most of the time. */
const which = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 3, 7);

const lossOfEverything: Step = {
  name: 'Redis loses everything',
  input: undefined,
  async take({ real, model }) {
    await loseEverything(real);
    model.orders.clear();
    model.baked.clear();
    model.failing.clear();
    model.lateReceipts = 0;
    return [0, 0];
  },
};

const quietMoment: Step = { name: 'nothing happens', input: undefined, take: async () => [0, 0] };

export const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: step('accept', newOrder, ({ real, model }, input: NewModelOrder) => ({
      real: async () => (await real.ledger.accept(realOrder(input, model.now))).status,
      model: () => model.accept(input),
    })),
  },
  {
    weight: 6,
    arbitrary: step(
      'begin',
      fc.record({
        id: order,
        factory,
        worker,
        leaseMs: someMs,
        isRepeat: fc.constantFrom(false, false, false, true),
      }),
      (world, { id, isRepeat, ...input }) => {
        if (!isRepeat) world.made += 1;
        const attempt = { ...input, token: `t${world.made}` };
        return {
          real: async () => {
            const begun = await world.real.ledger.beginAttempt({ id, ...attempt });
            return begun;
          },
          model: () => {
            const begun = world.model.begin(id, attempt);
            if ('attempt' in begun) world.attempts.unshift(begun.attempt);
            return begun;
          },
        };
      },
    ),
  },
  {
    weight: 6,
    arbitrary: step('settle', fc.record({ which, outcome }), (world, input) => {
      const key = attemptOf(world, input.which);
      return {
        real: () => world.real.ledger.settle({ ...key, outcome: input.outcome }),
        model: () => world.model.settle(key, input.outcome),
      };
    }),
  },
  step('keep', fc.record({ which, ms: someMs }), (world, { which: n, ms }) => {
    const key = attemptOf(world, n);
    return { real: () => world.real.ledger.keepAttempt(key, ms), model: () => world.model.keep(key, ms) };
  }),
  {
    weight: 2,
    arbitrary: step('reclaim', fc.record({ which, worker }), (world, input) => {
      const key = attemptOf(world, input.which);
      return {
        real: async () => (await world.real.ledger.reclaim({ ...key, worker: input.worker })).status,
        model: () => world.model.reclaim(key, input.worker),
      };
    }),
  },
  {
    weight: 2,
    arbitrary: step('requeue', fc.record({ id: order, ms: someMs }), ({ real, model }, { id, ms }) => ({
      real: () => real.ledger.requeue(id, ms),
      model: () => model.requeue(id, ms),
    })),
  },
  {
    weight: 2,
    arbitrary: step(
      'dead-letter',
      fc.record({ id: order, isHeld: fc.boolean() }),
      ({ real, model }, { id, isHeld }) => {
        const to = isHeld
          ? ({ state: 'held', reason: 'unknown_outcome' } as const)
          : ({ state: 'dead', reason: 'rejected' } as const);
        return {
          real: async () => (await real.ledger.deadLetter({ id, ...to })).status,
          model: () => model.deadLetter(id, to.state, to.reason),
        };
      },
    ),
  },
  step('expire', fc.record({ id: order }), ({ real, model }, { id }) => ({
    real: async () => (await real.ledger.expire(id)).status,
    model: () => model.expire(id),
  })),
  {
    weight: 2,
    arbitrary: step('replay', fc.record({ id: order, why: hostileText }), ({ real, model }, { id, why }) => ({
      real: async () => (await real.ledger.replay({ id, deadlineMs: 60_000, by: 'ann', why })).status,
      model: () => model.replay(id, 60_000),
    })),
  },
  {
    weight: 2,
    arbitrary: step(
      'edit',
      fc.record({ id: order, store: fc.constantFrom(...stores), why: hostileText }),
      ({ real, model }, { id, store, why }) => ({
        real: async () => {
          const edit = {
            ...realOrder({ id, store, fingerprint: '', diner: '', deadlineMs: 0, age: 0 }, 0).request.order,
          };
          return (await real.editor.replayEdited({ id, order: edit, deadlineMs: 60_000, by: why, why }))
            .status;
        },
        model: () => model.replay(id, 60_000, store),
      }),
    ),
  },
  step('discard', fc.record({ id: order, why: hostileText }), ({ real, model }, { id, why }) => ({
    real: async () => (await real.ledger.discard({ id, by: 'ann', why })).status,
    model: () => model.discard(id, why.toWellFormed()),
  })),
  step('restore', fc.record({ order: newOrder, settlement }), ({ real, model }, input) => {
    const known = toSettlement(model.now, input.settlement);
    const { isPresumed } = input.settlement;
    const asKnown = known && (isPresumed ? { presumed: known } : { settlement: known });
    return {
      real: () => real.ledger.restore({ order: realOrder(input.order, model.now), ...asKnown }),
      model: () => model.restore(input.order, known, isPresumed),
    };
  }),
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(1, 10, 1_000, 10_000, 150_000, 86_400_000, -1_000, -120_000, -86_400_000)
      .map((ms): Step => ({
        name: 'the clock goes on, or back',
        input: ms,
        async take({ model }) {
          model.now += ms;
          return [ms, ms];
        },
      })),
  },
  // Not in each life.
  fc.nat({ max: 5 }).map((n) => (n === 0 ? lossOfEverything : quietMoment)),
);
