import { z } from 'zod';
import { auditFilter } from './audit-entry.ts';
import { largestPage, orderFilter } from './order-filter.ts';

/** A number as a query has it: a text. */
function wholeNumber(min: number, max: number) {
  const what = `expected a whole number from ${min} to ${max}`;
  return z
    .string({ error: what })
    .regex(/^\d{1,9}$/, what)
    .transform(Number)
    .pipe(z.number().min(min, what).max(max, what));
}

const cursor = z.string({ error: 'expected the nextCursor of the page before' }).min(1).max(2_000).optional();
const limit = wholeNumber(1, largestPage).default(50);

/** `GET /api/orders`. Lists (`state`, `reason`) are lists here: see `queryOf`. */
export const orderQuery = orderFilter.extend({
  sort: z.enum(['newest', 'oldest']).default('newest'),
  limit,
  cursor,
});

/** `GET /api/audit` */
export const auditQuery = auditFilter.extend({ limit, cursor });

/** `GET /api/audit/export` */
export const auditExportQuery = auditFilter.extend({ format: z.enum(['ndjson', 'csv']).default('ndjson') });

/** `GET /api/history` */
export const historyQuery = z.strictObject({ hours: wholeNumber(1, 48).default(6) });

/** A query that is to be parsed by a schema whose lists are these. */
export type RawQuery = Record<string, string | string[] | undefined>;

/**
 * A query as it came, in the shape its schema parses: what is a list may stand in it with commas, or several times;
 * what is empty is not there.
 */
export function queryOf(raw: RawQuery, lists: readonly string[]): Record<string, unknown> {
  const given = Object.entries(raw).filter(([, value]) => value !== '');
  return Object.fromEntries(
    given.map(([name, value]) => [name, lists.includes(name) ? entriesOf(value) : value]),
  );
}

function entriesOf(value: string | string[] | undefined): string[] {
  return [value ?? []]
    .flat()
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
