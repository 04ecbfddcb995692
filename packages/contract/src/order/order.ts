import { z } from 'zod';
import { atMost } from '../text/at-most.ts';

/** The largest order body Proofbox reads, in bytes. */
export const maxOrderBytes = 64 * 1024;

const whatAnIdIs = 'expected an id: a number, or a string of 1 to 200 characters';

/**
 * Frontends send ids as strings or as numbers, and factories echo what they were sent. A number beyond 2^53 is
 * not exact any more: two ids could become one.
 */
export const idValue = z.union(
  [
    atMost(z.string().min(1, whatAnIdIs), 200, whatAnIdIs),
    z.number().min(Number.MIN_SAFE_INTEGER, whatAnIdIs).max(Number.MAX_SAFE_INTEGER, whatAnIdIs),
  ],
  { error: whatAnIdIs },
);

/** In the currency with the smallest unit a pizza costs some ten millions. What is far beyond makes sums meaningless. */
const largestPrice = 100_000_000;

/**
 * Money in the shop's currency with at most 8 decimals, the shop's own precision.
 * A difference that is only float noise (0.1 + 0.2) is not a ninth decimal.
 */
const price = z
  .number({ error: 'expected a number such as 0.05, without quotes' })
  .min(0, 'expected a price of 0 or more')
  .max(largestPrice, `expected a price of at most ${largestPrice}`)
  .refine(hasAtMost8Decimals, 'expected at most 8 decimals')
  .describe('At most 8 decimals');

function hasAtMost8Decimals(value: number): boolean {
  const rounded = Number(value.toFixed(8));
  return Math.abs(rounded - value) <= Math.abs(value) * 4 * Number.EPSILON;
}

/** The sum of the prices. It has eight decimals like each of them, whatever floats make of a sum. */
export function totalOf(items: readonly { price: number }[]): number {
  return Number(items.reduce((sum, item) => sum + item.price, 0).toFixed(8));
}

/** One pizza. Unknown fields are kept and reach the factory as they were sent. */
const orderItem = z.looseObject(
  {
    menuId: idValue,
    description: z.string({ error: 'expected a text' }),
    price,
  },
  { error: 'expected an item: an object with menuId, description and price' },
);

/** What a diner's frontend posts: `{franchiseId, storeId, items: [{menuId, description, price}]}`, 1 to 20 items. */
export const orderIn = z.looseObject(
  {
    franchiseId: idValue,
    storeId: idValue,
    items: z
      .array(orderItem, { error: 'expected a list of items' })
      .min(1, 'expected 1 to 20 items, got none')
      .max(20, { error: ({ input }) => `expected 1 to 20 items, got ${(input as unknown[]).length}` }),
  },
  { error: 'expected an object with franchiseId, storeId and items' },
);
export type OrderIn = z.infer<typeof orderIn>;

/** Who buys. From the frontend this comes out of the token, from an order service out of its request. */
export const diner = z.looseObject(
  {
    id: idValue,
    name: z.string({ error: 'expected a text' }).optional(),
    email: z.string({ error: 'expected a text' }).optional(),
  },
  { error: 'expected an object with the id of the diner' },
);
export type Diner = z.infer<typeof diner>;

/** An order with its id: what a factory is sent and what an accepted reply shows. */
export const orderWithId = orderIn.extend({ id: idValue });
export type OrderWithId = z.infer<typeof orderWithId>;
