import { z } from 'zod';

/** The largest order body Proofbox reads, in bytes. */
export const maxOrderBytes = 64 * 1024;

/** Frontends send ids as strings or as numbers, and factories echo what they were sent. */
export const idValue = z.union([z.string().min(1).max(200), z.number()], {
  error: 'expected an id: a number or a non-empty string',
});

/**
 * Money in the shop's currency with at most 8 decimals, the shop's own precision.
 * A difference that is only float noise (0.1 + 0.2) is not a ninth decimal.
 */
export const price = z
  .number({ error: 'expected a finite number, not a string' })
  .min(0, 'expected a price of 0 or more')
  .refine(hasAtMost8Decimals, 'expected at most 8 decimals');

function hasAtMost8Decimals(value: number): boolean {
  const rounded = Number(value.toFixed(8));
  return Math.abs(rounded - value) <= Math.abs(value) * 4 * Number.EPSILON;
}

/** One pizza. Unknown fields are kept and reach the factory as they were sent. */
export const orderItem = z.looseObject({
  menuId: idValue,
  description: z.string({ error: 'expected a string' }),
  price,
});

/** What a diner's frontend posts: `{franchiseId, storeId, items: [{menuId, description, price}]}`, 1 to 20 items. */
export const orderIn = z.looseObject({
  franchiseId: idValue,
  storeId: idValue,
  items: z
    .array(orderItem, { error: 'expected a list of items' })
    .min(1, 'expected 1 to 20 items, got none')
    .max(20, 'expected 1 to 20 items, got more'),
});
export type OrderIn = z.infer<typeof orderIn>;

/** Who buys. From the frontend this comes out of the token, from an order service out of its request. */
export const diner = z.looseObject({
  id: idValue,
  name: z.string().optional(),
  email: z.string().optional(),
});
export type Diner = z.infer<typeof diner>;

/** An order with its id: what a factory is sent and what an accepted reply shows. */
export const orderWithId = orderIn.extend({ id: idValue });
export type OrderWithId = z.infer<typeof orderWithId>;
