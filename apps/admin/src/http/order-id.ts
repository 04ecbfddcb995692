import type { ProblemError } from '@proofbox/contract';
import { z } from 'zod';
import { notFound } from './refusals.ts';

/** The id in a path; what no order was ever called is refused. */
export const orderPath = z.object({
  id: z
    .string()
    .regex(
      /^[\w-]{1,200}$/,
      'this is not the id of an order: expected letters, digits and hyphens, such as pb-7m2k9c4x8q1r5t3v6w0y2z4a',
    )
    .describe("The order's id"),
});

export function noSuchOrder(id: string): ProblemError {
  return notFound(`There is no order ${id}.`);
}
