import {
  factoryNames,
  idText,
  orderStates,
  deadLetterReasons,
  type OrderRecord,
  type OrderState,
} from '@proofbox/contract';
import type { OrderFilter } from '@proofbox/contract/admin';
import { decodeRecord } from '../orders/record-codec.ts';
import { readStoredOrders } from '../orders/stored-orders.ts';
import { someOrder, type TestLedger } from './test-ledger.ts';

/** The same draws for the same seed. */
export type Draw = { below(count: number): number; pick<T>(from: readonly T[]): T };

export function drawsOf(seed: number): Draw {
  let state = seed;
  const below = (count: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * count);
  };
  return { below, pick: (from) => from[below(from.length)]! };
}

const stores = ['1', 'Süd', 7, 0.1 + 0.2, 1e-7, 'half \ud83c'] as const;
const diners = ['2', '3', 'a:b', `${1 / 3}`];

function someError(draw: Draw): string {
  return draw.pick([
    'chaos monkey',
    'Chaos "Monkey" #5 in kitchen 12',
    `order pb-s2f0xpgzbxngmg2w6ywm56${draw.below(90) + 10} is unknown`,
    `Pizza ${draw.below(400)} is not on the menu`,
    `no path C:\\ovens\\${draw.below(3)}/b of "bad-${draw.below(9)}"`,
    `deadbeef-${draw.below(99)} cafe`,
    'Ungültige Größe',
    'JsonWebTokenSignatureException in kitchen-1 ZZ0123456789012345678token9x',
  ]);
}

/** One on each line: parts of those errors, across the ends of numbers and ids, and what is in none. */
const searchedTexts = String.raw`
chaos
MONKEY
"monkey" #5
kitchen 1
n 12
12
order pb
pb-s2f0
is unknown
pizza
pizza 39
izza 3
9 is not
a 9 is
path c:\ovens\2
/b
bad
bad-3
"bad-3"
b of "b
deadbeef
beef-1
f-12 c
-
cafe
e
#
*
ungültige
Größe
nobody says this
pb-s
k-1 zz
zz
token9
s2f0xp
order pb-s2f0xpgzbxngmg2w6ywm5611 is
1 is
signatureexc
y 5z
 is
`
  .split('\n')
  .filter((text) => text !== '');

/** Takes so many orders in, and makes everything of them that can become of an order; many share a millisecond. */
export async function fillShop(
  box: TestLedger,
  { orders, draw }: { orders: number; draw: Draw },
): Promise<void> {
  for (let n = 0; n < orders; n += 1) {
    if (draw.below(3) === 0) box.clock.now += 1;
    await oneOrder(box, draw);
  }
}

async function oneOrder(box: TestLedger, draw: Draw): Promise<void> {
  const { ledger } = box;
  const { id, request } = someOrder();
  const storeId = draw.pick(stores);
  const order = { ...request.order, storeId };
  await box.accepted({ id, dinerId: draw.pick(diners), request: { ...request, order } });
  const state: OrderState = draw.pick([...orderStates, 'dead', 'dead', 'dead', 'held']);
  for (let tries = draw.below(3); tries > 0; tries -= 1) await failOnce(box, id, draw);
  if (state === 'queued') return void (await ledger.requeue(id));
  if (state === 'baking' || state === 'fulfilled') {
    const begun = await ledger.beginAttempt({
      id,
      factory: draw.pick(factoryNames),
      worker: 'w',
      token: id,
      leaseMs: 1_000,
    });
    if (state === 'baking' || begun.status !== 'begun') return;
    const outcome = { kind: 'fulfilled', status: 200, receipt: 'r' } as const;
    return void (await ledger.settle({ ...begun.attempt, outcome }));
  }
  box.clock.now += draw.below(2);
  const reason =
    state === 'held' ? 'unknown_outcome' : draw.pick(['rejected', 'exhausted', 'expired'] as const);
  await ledger.deadLetter({ id, state: state === 'held' ? 'held' : 'dead', reason });
  if (state === 'discarded') await ledger.discard({ id, by: 'ann', why: 'a test' });
}

async function failOnce({ ledger }: TestLedger, id: string, draw: Draw): Promise<void> {
  const begun = await ledger.beginAttempt({
    id,
    factory: draw.pick(factoryNames),
    worker: 'w',
    token: `${draw.below(1e9)}`,
    leaseMs: 1_000,
  });
  if (begun.status !== 'begun') throw new Error(`expected to begin, got ${begun.status}`);
  await ledger.settle({
    ...begun.attempt,
    outcome: { kind: 'failed', status: 500, detail: someError(draw) },
  });
}

/** Filters of all kinds, for the orders of such a shop. */
export function randomFilters(
  box: TestLedger,
  { count, draw }: { count: number; draw: Draw },
): OrderFilter[] {
  const maybe = <T extends object>(chance: number, filter: () => T): T | object =>
    draw.below(100) < chance ? filter() : {};
  const some = <T>(from: readonly T[]): T[] => {
    const chosen = from.filter(() => draw.below(3) === 0);
    return chosen.length === 0 ? [draw.pick(from)] : chosen;
  };
  const moment = (): string => new Date(1_000_000 + draw.below(box.clock.now - 1_000_000)).toISOString();
  return Array.from({ length: count }, () => ({
    ...maybe(40, () => ({ state: some(['dead', 'held'] as const) })),
    ...maybe(30, () => ({ state: some(orderStates) })),
    ...maybe(30, () => ({ reason: some(deadLetterReasons) })),
    ...maybe(25, () => ({ factory: draw.pick(factoryNames) })),
    ...maybe(20, () => ({ diner: draw.pick([...diners, 'nobody']) })),
    ...maybe(20, () => ({ store: idText(draw.pick([...stores, 'none'])) })),
    ...maybe(45, () => ({ text: draw.pick(searchedTexts) })),
    ...maybe(20, () => ({ from: moment() })),
    ...maybe(20, () => ({ to: moment() })),
  }));
}

/** Every order there is. */
export async function allOrders(box: TestLedger): Promise<OrderRecord[]> {
  const stored = await readStoredOrders(box, await box.redis.zrange(box.names.byTime, '0', '-1'));
  return stored.map(decodeRecord);
}
