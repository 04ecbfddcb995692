import { z } from 'zod';
import { auditFilter } from './audit-entry.ts';
import { largestPage, orderFilter } from './order-filter.ts';

/** A number as a query has it: a text. */
function wholeNumber(min: number, max: number, description: string) {
  const what = `expected a whole number from ${min} to ${max}`;
  return z
    .preprocess(
      (text) => (/^\d{1,9}$/.test(String(text)) ? Number(text) : text),
      z.int(what).min(min, what).max(max, what),
    )
    .describe(description);
}

/**
 * A query as it came, in the shape that `schema` parses: what is a list there may stand in it with commas, or several
 * times; what is empty is not there.
 */
function query<S extends z.ZodObject>(schema: S) {
  const isList = (name: string): boolean => {
    const field: unknown = schema.shape[name];
    return field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodArray;
  };
  return z.preprocess((raw: Record<string, string | string[]>) => {
    const given = Object.entries(raw).filter(([, value]) => value !== '');
    return Object.fromEntries(given.map(([name, value]) => [name, isList(name) ? entriesOf(value) : value]));
  }, schema);
}

function entriesOf(value: string | string[]): string[] {
  return [value]
    .flat()
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

const page = {
  limit: wholeNumber(1, largestPage, 'The largest page').prefault(50),
  cursor: z
    .string({ error: 'expected the nextCursor of the page before' })
    .min(1)
    .max(2_000)
    .optional()
    .describe('The `nextCursor` of the page before, of the same search'),
};

/** `GET /api/orders` */
export const orderQuery = query(
  orderFilter.extend({
    sort: z.enum(['newest', 'oldest']).default('newest').describe('By their time'),
    ...page,
  }),
);

/** `GET /api/audit` */
export const auditQuery = query(auditFilter.extend(page));

/** `GET /api/audit/export` */
export const auditExportQuery = query(
  auditFilter.extend({
    format: z.enum(['ndjson', 'csv']).default('ndjson').describe('One JSON value a line, or CSV'),
  }),
);

/** `GET /api/history` */
export const historyQuery = query(z.strictObject({ hours: wholeNumber(1, 48, 'How far back').prefault(6) }));
