import { z } from 'zod';
import { factoryName } from './factory.ts';

/**
 * What the whole fleet holds of one factory. Times are milliseconds since the epoch; 0 stands for "never".
 * `open` with `openUntil` in the past is half-open: one order may be sent as a probe.
 */
export const factoryVerdict = z.object({
  factory: factoryName,
  /** Grows with each change: nobody overwrites what they have not seen. */
  version: z.number(),
  state: z.enum(['closed', 'open', 'out_of_service']),
  /** Why it is not closed, in words for an operator. */
  cause: z.string().optional(),
  changedAt: z.number(),
  openUntil: z.number(),
  /** Openings since it was last trusted; each one lasts twice as long as the one before. */
  timesOpened: z.number(),
  /** When the first of these openings was. */
  failingSince: z.number(),
  /** Probes that must still succeed before it is closed. */
  probesLeft: z.number(),
  /** The one order that is on its way as a probe; after `until` its worker is taken for dead. */
  probe: z.object({ orderId: z.string(), worker: z.string(), until: z.number() }).optional(),
  /** How many orders the fleet may have there at once, while it is being tried carefully; absent: as many as it can. */
  places: z.number().optional(),
  narrowedAt: z.number(),
  /** The factory asked to be left alone until then. */
  throttledUntil: z.number(),
  /** Hashes of the settings with which it refused us, the latest last; a worker with other settings may try. */
  refusedSettings: z.array(z.string()).optional(),
  /** An operator's word, which stands above all else. */
  forced: z
    .object({ to: z.enum(['open', 'closed']), by: z.string(), at: z.number(), why: z.string() })
    .optional(),
});
export type FactoryVerdict = z.infer<typeof factoryVerdict>;

/** How a verdict looks at a moment, in one word. */
export const factoryConditions = [
  'closed',
  'open',
  'half_open',
  'out_of_service',
  'forced_open',
  'forced_closed',
] as const;
export type FactoryCondition = (typeof factoryConditions)[number];

/** The condition a verdict amounts to at `now`. */
export function conditionOf(verdict: FactoryVerdict, now: number): FactoryCondition {
  if (verdict.forced) return verdict.forced.to === 'open' ? 'forced_open' : 'forced_closed';
  return verdict.state === 'open' && now >= verdict.openUntil ? 'half_open' : verdict.state;
}

/** Whether an order that comes now may expect to be sent to this factory within `withinMs`. */
export function takesOrders(verdict: FactoryVerdict, now: number, withinMs: number): boolean {
  switch (conditionOf(verdict, now)) {
    case 'closed':
    case 'forced_closed':
      return verdict.throttledUntil <= now + withinMs;
    case 'half_open':
      // The first order to come is the probe; those after it have to wait for what it finds.
      if (verdict.throttledUntil > now + withinMs) return false;
      return verdict.probe === undefined || verdict.probe.until <= now;
    case 'open':
    case 'out_of_service':
    case 'forced_open':
      return false;
  }
}
