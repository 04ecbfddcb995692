import { z } from 'zod';

/** Which orders a fault meets. Without any of it: every one. */
const aim = {
  /** Of the orders that match, by the seeded dice. */
  percent: z.number().min(1).max(100).default(100),
  /** Only orders whose JSON contains this text: a poison order. */
  orderMatching: z.string().min(1).max(1_000).optional(),
  /** Only the next so many orders that it meets; then it is mended. */
  times: z.number().int().min(1).optional(),
};

function fault<K extends string>(kind: K) {
  return z.strictObject({ kind: z.literal(kind), ...aim });
}

/**
 * How the factory misbehaves. All but `down` and `keys` touch `POST /api/order` only, after the api key was found good.
 * - `fail`, `throttle`, `badjwt`: the chaos of the real factory, with a `reportUrl` that ends it
 * - `down`: refuses connections; `percent`, `orderMatching` and `times` mean nothing to it
 * - `hang`, `reset`: reads the whole request, then never answers, or resets the connection
 * - `slow`: as ever, but it takes `ms`
 * - `html502`: a gateway's error page
 * - `hostileText`: 500 with half an emoji in its message, and a whole one that a cut at 300 UTF-16 units halves
 * - `400`, `401`, `403`, `404`, `429`: that status; 429 with `Retry-After`
 * - `lie`: 200 with a valid signature, for another order
 * - `altered`: 200 with a valid signature for this order, in which something else is changed
 * - `byNumber`: knows orders by their number alone: a number that was baked before gets the receipt of then
 * - `encoded`: as ever, with a `Content-Encoding` that nobody asked for
 * - `interim`: as ever, after so many interim replies that nobody asked for
 * - `idleClose`: as ever, but it closes a connection that was idle for `ms`, without a word
 * - `keys`: orders are baked, but the page with its keys fails, or holds something else
 * - `maxRps`: bakes `rps` orders in any second and answers the others with 429 and `Retry-After: 1`
 */
export const faultSchema = z.discriminatedUnion(
  'kind',
  [
    fault('fail'),
    fault('throttle'),
    fault('badjwt'),
    z.object({ kind: z.literal('down') }),
    fault('hang'),
    fault('reset'),
    fault('slow').extend({ ms: z.number().int().min(0).max(3_600_000) }),
    fault('html502'),
    fault('hostileText'),
    fault('429').extend({ retryAfterSeconds: z.number().int().min(0).max(86_400).default(1) }),
    fault('400'),
    fault('401'),
    fault('403'),
    fault('404'),
    fault('lie'),
    fault('altered').extend({ change: z.enum(['items', 'price', 'diner', 'email', 'empty']) }),
    fault('byNumber'),
    fault('encoded').extend({ encoding: z.enum(['gzip', 'deflate', 'br', 'zstd', 'unknown']) }),
    fault('interim').extend({
      status: z.union([z.literal(100), z.literal(102), z.literal(103)]).default(100),
      count: z.number().int().min(1).max(1_000).default(1),
    }),
    fault('idleClose').extend({ ms: z.number().int().min(0).max(3_600_000) }),
    z.object({ kind: z.literal('keys'), how: z.enum(['error', 'hang', 'endless', 'empty', 'html']) }),
    fault('maxRps').extend({ rps: z.number().int().min(1).max(100_000) }),
  ],
  {
    error: (issue) => (issue.code === 'invalid_union' ? `expected one of ${kinds().join(', ')}` : undefined),
  },
);
export type Fault = z.output<typeof faultSchema>;
export type FaultKind = Fault['kind'];

function kinds(): string[] {
  return faultSchema.options.map((option) => option.shape.kind.value);
}

/** The kinds that a GET on the `reportUrl` ends. */
export function isChaos(kind: FaultKind): boolean {
  return kind === 'fail' || kind === 'throttle' || kind === 'badjwt';
}
