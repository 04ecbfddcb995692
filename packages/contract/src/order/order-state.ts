import { z } from 'zod';

/** `queued -> baking -> fulfilled`, and the ways off that road (ARCHITECTURE.md has the machine). */
export const orderStates = ['queued', 'baking', 'fulfilled', 'held', 'dead', 'discarded'] as const;
export const orderState = z.enum(orderStates);
export type OrderState = z.infer<typeof orderState>;

/** Why an order is not in the queue any more. `unknown_outcome` is the reason of `held`, the others of `dead`. */
export const deadLetterReasons = ['rejected', 'exhausted', 'expired', 'unknown_outcome'] as const;
export const deadLetterReason = z.enum(deadLetterReasons);
export type DeadLetterReason = z.infer<typeof deadLetterReason>;
