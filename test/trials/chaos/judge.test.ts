import type { Attempt, OrderRecord } from '@proofbox/contract';
import { expect, test } from 'vitest';
import type { Books } from './books.ts';
import type { Purchase } from './purchase.ts';
import { flawsOf, judge, type Evidence } from './judge.ts';

const bakedOnce: Attempt = {
  n: 1,
  factory: 'primary',
  worker: 'w',
  startedAt: 1_000,
  endedAt: 1_020,
  outcome: 'fulfilled',
};

function record(id: string, changes: Partial<OrderRecord> = {}): OrderRecord {
  return {
    id,
    state: 'fulfilled',
    source: 'frontend',
    dinerId: '2',
    request: {
      diner: { id: 2 },
      order: {
        id,
        franchiseId: 1,
        storeId: '1',
        items: [{ menuId: 1, description: `key of ${id}`, price: 1 }],
      },
    },
    acceptedAt: 900,
    updatedAt: 1_020,
    deadlineAt: 99_000,
    countedFailures: 0,
    replays: 0,
    receipt: `receipt of ${id}`,
    attempts: [bakedOnce],
    ...changes,
  };
}

function booksOf(records: OrderRecord[]): Books {
  return { records, reconcileFindings: [] };
}

function purchaseOf(id: string, ...receipts: string[]): Pick<Purchase, 'key' | 'answers'> {
  const answers = receipts.map((receipt) => ({ status: 200, orderId: id, receipt }));
  return { key: `key of ${id}`, answers: [{ status: 202, orderId: id }, ...answers] };
}

/** Two orders, each of which was accepted, baked and handed over once. */
function fine(changes: Partial<Evidence> = {}): Evidence {
  const reading = (id: string) => ({ status: 'fulfilled', receipt: `receipt of ${id}`, isVerified: true });
  return {
    purchases: [purchaseOf('a', 'receipt of a'), purchaseOf('b')],
    readings: new Map([
      ['a', reading('a')],
      ['b', reading('b')],
    ]),
    books: booksOf([record('a'), record('b')]),
    mends: [],
    once: [],
    sent: (_id, factory) => (factory === 'primary' ? 1 : 0),
    baked: (_id, factory) => (factory === 'primary' ? 1 : 0),
    ...changes,
  };
}

test('a run in which all went well has no flaw', () => {
  const judgement = judge(fine());
  expect(judgement).toMatchObject({ accepted: 2, fulfilled: 2, dead: 0 });
  expect(flawsOf(judgement)).toEqual([]);
});

test('an accepted order that the ledger does not know is lost', () => {
  const books = booksOf([record('a')]);
  expect(judge(fine({ books })).lost).toEqual([{ what: 'b', why: 'the ledger does not know it' }]);
});

test('an accepted order that is still queued in the end is lost', () => {
  const { receipt: _receipt, ...queued } = record('b', { state: 'queued', attempts: [] });
  const readings = new Map([...fine().readings, ['b', { status: 'queued', isVerified: false }] as const]);
  const judgement = judge(fine({ readings, books: booksOf([record('a'), queued]) }));
  expect(judgement.lost).toEqual([{ what: 'b', why: 'the ledger says queued, the shop says queued' }]);
});

test('an order whose receipt does not verify is lost', () => {
  const forged = { status: 'fulfilled', receipt: 'receipt of b', isVerified: false };
  const readings = new Map([...fine().readings, ['b', forged] as const]);
  expect(judge(fine({ readings })).lost).toEqual([{ what: 'b', why: 'its receipt does not verify' }]);
});

test('a dead letter with a reason is not lost', () => {
  const { receipt: _receipt, ...dead } = record('b', { state: 'dead', reason: 'rejected' });
  const readings = new Map([...fine().readings, ['b', { status: 'delayed', isVerified: false }] as const]);
  const judgement = judge(fine({ readings, books: booksOf([record('a'), dead]) }));
  expect(judgement).toMatchObject({ fulfilled: 1, dead: 1, lost: [] });
});

test('a submission that was never accepted is not lost', () => {
  const refused = { key: 'c', answers: [{ status: 503 }, { status: 0 }] };
  const judgement = judge(fine({ purchases: [...fine().purchases, refused] }));
  expect(judgement).toMatchObject({ accepted: 2, lost: [] });
});

test('two answers with different receipts are a duplicate receipt', () => {
  const purchases = [purchaseOf('a', 'receipt of a', 'another one'), purchaseOf('b')];
  expect(judge(fine({ purchases })).duplicateReceipts).toEqual([
    { what: 'a', why: '2 different receipts were shown' },
  ]);
});

test('an answer with another receipt than the one that is shown in the end is a duplicate receipt', () => {
  const purchases = [purchaseOf('a', 'an earlier one'), purchaseOf('b')];
  expect(judge(fine({ purchases })).duplicateReceipts).toHaveLength(1);
});

test('two order ids for one key are a duplicate order', () => {
  const [a, b] = fine().purchases;
  const again = { ...a!, answers: [...a!.answers, { status: 202, orderId: 'z' }] };
  expect(judge(fine({ purchases: [again, b!] })).duplicateOrders).toEqual([
    { what: 'purchase key of a', why: 'became 2 orders: a, z' },
  ]);
});

test('a second order for the same purchase is a duplicate order, also when no answer told of it', () => {
  const hidden = { ...record('z'), request: record('a').request };
  const books = booksOf([record('a'), record('b'), hidden]);
  expect(judge(fine({ books })).duplicateOrders).toHaveLength(1);
});

test('one order for two keys is a duplicate order', () => {
  const mixedUp = { key: 'key of b', answers: [{ status: 202, orderId: 'a' }] };
  const { duplicateOrders } = judge(fine({ purchases: [purchaseOf('a'), mixedUp] }));
  expect(duplicateOrders).toContainEqual({ what: 'a', why: 'stands for 2 purchases: key of a, key of b' });
});

test('what reconciling has found is a difference', () => {
  const books = { ...fine().books, reconcileFindings: ['orders without a job: ["a"]'] };
  expect(judge(fine({ books })).differences).toEqual([
    { what: 'the ledger', why: 'orders without a job: ["a"]' },
  ]);
});

test('what the reconciler had to mend during the run is a difference, too', () => {
  expect(judge(fine({ mends: ['worker: an index'] })).differences).toEqual([
    { what: 'the ledger', why: 'had to be mended. worker: an index' },
  ]);
});

test('an order that was baked twice is a flaw where a repeat is not safe', () => {
  const repeats: Attempt[] = [
    { ...bakedOnce, outcome: 'unknown' },
    { ...bakedOnce, n: 2, startedAt: 2_000, endedAt: 2_020 },
  ];
  const twice = {
    books: booksOf([record('a', { attempts: repeats }), record('b')]),
    sent: (id: string, factory: string) => (factory === 'fallback' ? 0 : id === 'a' ? 2 : 1),
    baked: (id: string, factory: string) => (id === 'a' && factory === 'primary' ? 2 : 0),
  };
  expect(flawsOf(judge(fine({ ...twice, once: ['fallback'] })))).toEqual([]);
  expect(flawsOf(judge(fine({ ...twice, once: ['primary'] })))).toEqual([
    { what: 'a', why: 'was baked 2 times by the primary, where a repeat is not safe' },
  ]);
});

test('an order that was sent more often than attempts were written down is a difference', () => {
  const sent =
    (times: number): Evidence['sent'] =>
    (id, factory) =>
      id === 'a' && factory === 'primary' ? times : 0;
  const flaw = (times: number) => ({
    what: 'a',
    why: `was sent ${times} times to the primary, with 1 attempts written down`,
  });
  expect(judge(fine({ sent: sent(2), once: ['primary'] })).differences).toEqual([flaw(2)]);
  expect(judge(fine({ sent: sent(3) })).differences).toEqual([flaw(3)]);
  // Met the end of an idle connection.
  expect(judge(fine({ sent: sent(2) })).differences).toEqual([]);
});

test('an order that is sent again after its receipt is a difference; after an unknown outcome it is not, also when that one was fulfilled late', () => {
  const again: Attempt = { ...bakedOnce, n: 2, startedAt: 2_000, endedAt: 2_020 };
  const unknown: Attempt = { ...bakedOnce, outcome: 'unknown' };
  const givenUp: Attempt = { ...bakedOnce, givenUpAt: bakedOnce.endedAt! };
  const books = (first: Attempt): Books => booksOf([record('a', { attempts: [first, again] }), record('b')]);
  expect(judge(fine({ books: books(bakedOnce) })).differences).toEqual([
    { what: 'a', why: 'attempt 2 was made although attempt 1 had brought a receipt' },
  ]);
  expect(judge(fine({ books: books(unknown) })).differences).toEqual([]);
  expect(judge(fine({ books: books(givenUp) })).differences).toEqual([]);
});
