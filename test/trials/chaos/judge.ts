import { factoryNames, type FactoryName, type OrderRecord } from '@proofbox/contract';
import type { Books } from './books.ts';
import { isAccepted, type Purchase } from './purchase.ts';

/** An order, or a key, about which something is wrong. */
export type Flaw = { what: string; why: string };

export type Evidence = {
  purchases: readonly Pick<Purchase, 'key' | 'answers'>[];
  /** What the shop says in the end about each order it has promised: the receipt, and whether it verifies. */
  readings: ReadonlyMap<string, FinalReading>;
  books: Books;
  /** What the reconciler has mended during the run, and nothing but a defect can have brought about. */
  mends: readonly string[];
  /** Factories where a repeat is not safe. */
  once: readonly FactoryName[];
  /** How often an order set out for a factory, as seen on the wire. */
  sent: (orderId: string, factory: FactoryName) => number;
  /** How often a factory says that it has baked an order: at least, because a killed factory forgets. */
  baked: (orderId: string, factory: FactoryName) => number;
};

export type FinalReading = { status: string; receipt?: string; isVerified: boolean };

export type Judgement = {
  accepted: number;
  fulfilled: number;
  /** Dead letters with a reason, or held. */
  dead: number;
  /** Promised, and neither fulfilled nor put aside for a reason. */
  lost: Flaw[];
  /** A diner could hold two different receipts for one purchase. */
  duplicateReceipts: Flaw[];
  /** One purchase became two orders, or two became one. */
  duplicateOrders: Flaw[];
  /** A factory that is not to be asked twice has baked it twice. */
  bakedTwice: Flaw[];
  /** The ledger contradicts itself, or the factories. */
  differences: Flaw[];
};

/** Judges what is known at the end of a run, with everything mended and nothing under way. Pure. */
export function judge(evidence: Evidence): Judgement {
  const records = new Map(evidence.books.records.map((record) => [record.id, record]));
  const accepted = evidence.purchases.filter(isAccepted);
  const lost: Flaw[] = [];
  let fulfilled = 0;
  let dead = 0;
  for (const purchase of accepted) {
    const id = orderIdsOf(purchase)[0]!;
    const reading = evidence.readings.get(id);
    const record = records.get(id);
    if (reading?.status === 'fulfilled' && reading.isVerified && record?.state === 'fulfilled')
      fulfilled += 1;
    else if (record?.reason !== undefined && reading?.status === 'delayed') dead += 1;
    else lost.push({ what: id, why: whyLost(record, reading) });
  }
  return {
    accepted: accepted.length,
    fulfilled,
    dead,
    lost,
    duplicateReceipts: accepted.flatMap((purchase) => duplicateReceipts(purchase, evidence, records)),
    duplicateOrders: duplicateOrders(evidence),
    bakedTwice: evidence.books.records.flatMap((record) => bakedTwice(record, evidence)),
    differences: [
      ...evidence.books.reconcileFindings.map((why) => ({ what: 'the ledger', why })),
      ...evidence.mends.map((line) => ({ what: 'the ledger', why: `had to be mended. ${line}` })),
      ...evidence.books.records.flatMap((record) => disagreements(record, evidence)),
    ],
  };
}

export function isFlawless(judgement: Judgement): boolean {
  return flawsOf(judgement).length === 0;
}

export function flawsOf({
  lost,
  duplicateReceipts: receipts,
  duplicateOrders: orders,
  bakedTwice: twice,
  differences,
}: Judgement): Flaw[] {
  return [...lost, ...receipts, ...orders, ...twice, ...differences];
}

function orderIdsOf({ answers }: Pick<Purchase, 'answers'>): string[] {
  return [...new Set(answers.flatMap((answer) => answer.orderId ?? []))];
}

function whyLost(record: OrderRecord | undefined, reading: FinalReading | undefined): string {
  if (record === undefined) return 'the ledger does not know it';
  if (reading === undefined) return `the ledger says ${record.state}, the shop does not show it`;
  if (reading.status !== 'fulfilled')
    return `the ledger says ${record.state}, the shop says ${reading.status}`;
  return 'its receipt does not verify';
}

function duplicateReceipts(
  { answers }: Pick<Purchase, 'answers'>,
  { readings }: Evidence,
  records: ReadonlyMap<string, OrderRecord>,
): Flaw[] {
  const ids = orderIdsOf({ answers });
  const shown = [
    ...answers.map((answer) => answer.receipt),
    ...ids.flatMap((id) => [readings.get(id)?.receipt, records.get(id)?.receipt]),
  ];
  const receipts = new Set(shown.filter((receipt) => receipt !== undefined));
  return receipts.size > 1
    ? [{ what: ids.join(', '), why: `${receipts.size} different receipts were shown` }]
    : [];
}

function duplicateOrders({ purchases, books }: Evidence): Flaw[] {
  const flaws: Flaw[] = [];
  const keysOfOrder = new Map<string, Set<string>>();
  // Each purchase has a pizza of its own, named as its key: so the ledger tells of orders that no answer told of.
  for (const record of books.records) {
    const key = record.request.order.items[0]!.description;
    keysOfOrder.set(record.id, new Set([key]));
  }
  for (const { key, answers } of purchases) {
    for (const id of orderIdsOf({ answers })) {
      keysOfOrder.set(id, (keysOfOrder.get(id) ?? new Set()).add(key));
    }
  }
  for (const [id, keys] of keysOfOrder) {
    if (keys.size > 1)
      flaws.push({ what: id, why: `stands for ${keys.size} purchases: ${[...keys].join(', ')}` });
  }
  const byKey = Map.groupBy(keysOfOrder, ([, keys]) => [...keys][0]!);
  for (const [key, orders] of byKey) {
    const ids = orders.map(([id]) => id);
    if (ids.length > 1)
      flaws.push({ what: `purchase ${key}`, why: `became ${ids.length} orders: ${ids.join(', ')}` });
  }
  return flaws;
}

function bakedTwice({ id }: OrderRecord, { once, baked }: Evidence): Flaw[] {
  return once
    .filter((factory) => baked(id, factory) > 1)
    .map((factory) => ({
      what: id,
      why: `was baked ${baked(id, factory)} times by the ${factory}, where a repeat is not safe`,
    }));
}

/** Where a repeat is safe, an order that met the end of an idle connection goes out once more in the same attempt. */
const mostSendsOfAnAttempt = 2;

/** Where the ledger's story of an order does not fit what was seen of it. */
function disagreements(record: OrderRecord, { sent, baked, once }: Evidence): Flaw[] {
  const whys = [
    ...factoryNames.flatMap((factory) => {
      const attempts = record.attempts.filter((attempt) => attempt.factory === factory);
      const mayHaveLeft = attempts.filter((attempt) => attempt.outcome !== 'not_sent').length;
      const times = sent(record.id, factory);
      const mostSends = once.includes(factory) ? 1 : mostSendsOfAnAttempt;
      // A 2xx that could not be verified is `failed`, and may well be a pizza.
      const mayBeBaked = attempts.filter(({ outcome }) => outcome === undefined || bakes.has(outcome)).length;
      const pizzas = baked(record.id, factory);
      return [
        ...(times > mayHaveLeft * mostSends
          ? [`was sent ${times} times to the ${factory}, with ${mayHaveLeft} attempts written down`]
          : []),
        ...(pizzas > mayBeBaked * mostSends
          ? [`was baked ${pizzas} times by the ${factory}, with ${mayBeBaked} attempts that could have been`]
          : []),
      ];
    }),
    ...needlessRepeats(record),
  ];
  return whys.map((why) => ({ what: record.id, why }));
}

const bakes: ReadonlySet<string> = new Set(['fulfilled', 'unknown', 'failed']);

/**
 * An attempt may follow another one only when that one has ended without a receipt, as far as anybody could know. One
 * that was given up as unknown may bring a receipt later, and is fulfilled then; it says when it was given up.
 */
function needlessRepeats({ attempts }: OrderRecord): string[] {
  return attempts.slice(1).flatMap((attempt, i) => {
    const before = attempts[i]!;
    const wasGivenUp = before.givenUpAt !== undefined || before.endedAt! >= attempt.startedAt;
    return before.outcome === 'fulfilled' && !wasGivenUp
      ? [`attempt ${attempt.n} was made although attempt ${before.n} had brought a receipt`]
      : [];
  });
}
