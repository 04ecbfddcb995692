import { badRequest, notFound } from './refusals.ts';
import type { ProblemError } from '@proofbox/contract';

/** The id in a path. @throws ProblemError 400 for what no order was ever called */
export function readOrderId(params: unknown): string {
  const { id } = params as { id: string };
  if (/^[\w-]{1,200}$/.test(id)) return id;
  throw badRequest(
    'This is no id of an order: expected letters, digits and hyphens, such as pb-7m2k9c4x8q1r5t3v6w0y2z4a.',
  );
}

export function noSuchOrder(id: string): ProblemError {
  return notFound(`There is no order ${id}.`);
}
