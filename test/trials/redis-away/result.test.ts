import { expect, test } from 'vitest';
import type { Evidence } from '../../support/order-tally.ts';
import type { Submission } from '../../support/taken-order.ts';
import { countUp, isAsPromised, type Result } from './result.ts';

const returnedAt = Date.parse('2026-01-01T00:01:00.000Z');
const away = { from: returnedAt - 60_000, to: returnedAt - 100 };

type Taken = Evidence & Submission;

/** Taken while Redis was away, and fulfilled 3.2 s after its return. */
function anOrder(id: string, changes: Partial<Taken> = {}): Taken {
  const acceptedAt = '2026-01-01T00:00:10.000Z';
  const status = {
    id,
    status: 'fulfilled' as const,
    order: { id, franchiseId: 1, storeId: 1, items: [{ menuId: 1, description: 'Veggie', price: 0.05 }] },
    acceptedAt,
    updatedAt: acceptedAt,
    fulfilledAt: '2026-01-01T00:01:03.200Z',
    attempts: [],
    jwt: `receipt of ${id}`,
  };
  return {
    id,
    placedAt: away.from + 10_000,
    answeredAt: away.from + 10_050,
    hadTicket: true,
    receipts: new Set([`receipt of ${id}`]),
    reading: { status, isVerified: true },
    ...changes,
  };
}

type Seen = { taken: Taken[]; refusals: string[]; bakedTimes: Map<string, number> };

function resultOf(changes: Partial<Seen> = {}): Result {
  const seen: Seen = {
    taken: [anOrder('a'), anOrder('b')],
    refusals: [],
    bakedTimes: new Map([
      ['a', 1],
      ['b', 1],
    ]),
    ...changes,
  };
  const { flaws: _flaws, ...counts } = countUp({ ...seen, away, returnedAt });
  return { seconds: 60, rate: 100, ...counts, ingestKilled: false };
}

test('orders that were all answered with 202 and baked once, soon after, are as promised', () => {
  expect(resultOf()).toEqual({
    seconds: 60,
    rate: 100,
    accepted: 2,
    answered202: 2,
    refused: 0,
    fulfilled: 2,
    lost: 0,
    twice: 0,
    drainSeconds: 3.2,
    ingestKilled: false,
  });
  expect(isAsPromised(resultOf())).toBe(true);
});

const broken: [string, Result, Partial<Result>][] = [
  ['nobody ordered anything', resultOf({ taken: [], bakedTimes: new Map() }), { accepted: 0 }],
  ['an order was refused', resultOf({ refusals: ['503 not taken'] }), { refused: 1 }],
  [
    'an order was answered with 200',
    resultOf({ taken: [anOrder('a'), anOrder('b', { hadTicket: false })] }),
    { answered202: 1 },
  ],
  [
    'the shop does not know an order',
    resultOf({ taken: [anOrder('a'), anOrder('b', { reading: undefined })] }),
    { fulfilled: 1, lost: 1 },
  ],
  [
    'an order was baked twice',
    resultOf({
      bakedTimes: new Map([
        ['a', 2],
        ['b', 1],
      ]),
    }),
    { twice: 1 },
  ],
  [
    'a submission became two orders, of which nobody knows one',
    resultOf({
      bakedTimes: new Map([
        ['a', 1],
        ['b', 1],
        ['z', 1],
      ]),
    }),
    { twice: 1 },
  ],
  [
    'a post got no answer, and its order was baked all the same',
    resultOf({
      refusals: ['no answer: read ECONNRESET'],
      bakedTimes: new Map([
        ['a', 1],
        ['b', 1],
        ['z', 1],
      ]),
    }),
    { refused: 1, twice: 0 },
  ],
  ['two submissions became one order', resultOf({ taken: [anOrder('a'), anOrder('a')] }), { twice: 2 }],
  ['the last order took longer than 30 s', { ...resultOf(), drainSeconds: 30.1 }, {}],
];

test.each(broken)('%s: the promise is broken', (_what, result, counts) => {
  expect(result).toMatchObject(counts);
  expect(isAsPromised(result)).toBe(false);
});

test.for<[string, Partial<Submission>, number]>([
  ['while Redis is away is a flaw', {}, 1],
  ['just before it goes is none', { placedAt: away.from - 1 }, 0],
  ['once it is back is none', { answeredAt: away.to + 1 }, 0],
])('a receipt as the answer %s', ([, when, flaws]) => {
  const taken = [anOrder('a', { hadTicket: false, ...when })];
  const counted = countUp({ taken, refusals: [], bakedTimes: new Map([['a', 1]]), away, returnedAt });
  expect(counted.flaws).toHaveLength(flaws);
});
