import { z } from 'zod';
import { factoryConditions } from '../factory/factory-condition.ts';
import { factoryName } from '../factory/factory-name.ts';
import { reasonGiven } from './reason-given.ts';

const time = z.iso.datetime();

/** A factory as the whole fleet of workers treats it. What does not apply is absent. */
export const factoryView = z.object({
  factory: factoryName,
  condition: z.enum(factoryConditions),
  /** False when no worker or operator ever had anything to say about it: it may not even be set up. */
  isKnown: z.boolean(),
  since: time.optional(),
  cause: z.string().optional(),
  /** When one order is tried, at the earliest. */
  until: time.optional(),
  /** The order that is on its way as a probe. */
  probe: z.object({ orderId: z.string(), worker: z.string(), until: time }).optional(),
  /** Orders the whole fleet may have there at once while it is tried carefully. */
  permits: z.number().optional(),
  throttledUntil: time.optional(),
  forced: z.object({ to: z.enum(['open', 'closed']), by: z.string(), at: time, why: z.string() }).optional(),
  /** What it would be without the operator's word. */
  unforced: z.enum(factoryConditions).optional(),
  lastFulfilledAt: time.optional(),
  /** Moving average over its last good answers. */
  latencyMs: z.number().optional(),
});
export type FactoryView = z.infer<typeof factoryView>;

export const factoryViews = z.object({ factories: z.array(factoryView) });

/** `open`: send it nothing. `closed`: trust it whatever happens. `auto`: let the workers judge. */
export const factorySwitch = z.enum(['open', 'closed', 'auto']);
export type FactorySwitch = z.infer<typeof factorySwitch>;

export const factorySwitchIn = z.strictObject({ to: factorySwitch, why: reasonGiven });
