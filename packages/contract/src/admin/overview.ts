import { z } from 'zod';
import { orderState } from '../order/order-state.ts';
import { factoryConditions } from '../factory/factory-condition.ts';
import { factoryName } from '../factory/factory-name.ts';
import { factoryView } from './factory-view.ts';
import { reasonGiven } from './reason-given.ts';

const time = z.iso.datetime();

/** Whether the workers take orders at all, or an operator has paused the queue. Orders are accepted all the same. */
export const queuePauseView = z.object({
  isPaused: z.boolean(),
  by: z.string().optional(),
  at: time.optional(),
  why: z.string().optional(),
});
export type QueuePauseView = z.infer<typeof queuePauseView>;

export const queuePauseIn = z.strictObject({ isPaused: z.boolean(), why: reasonGiven });

/**
 * What needs an operator, in words: what is wrong, and what to do. `critical`: orders may be lost, or none is baked.
 * `page` is where in the console it can be settled.
 */
const warning = z.object({
  level: z.enum(['critical', 'warning']),
  text: z.string(),
  page: z.enum(['factories', 'dead-letters']).optional(),
});
export type Warning = z.infer<typeof warning>;

/** How everything is, at a moment. Rates are orders a second over the last ten seconds. */
export const overview = z.object({
  at: time,
  counts: z.record(orderState, z.number()),
  accepted: z.number(),
  acceptedPerSecond: z.number(),
  fulfilledPerSecond: z.number(),
  /** Orders that are queued or baking. */
  backlog: z.number(),
  oldestPendingAt: time.optional(),
  /** How long the backlog lasts at the rate at which it shrinks; absent where it is empty or does not shrink. */
  secondsToEmpty: z.number().optional(),
  workers: z.number(),
  factories: z.array(factoryView),
  queuePause: queuePauseView,
  /** The worst first. */
  warnings: z.array(warning),
});
export type Overview = z.infer<typeof overview>;

/** Comes instead of an overview while Redis does not answer: what was shown last is as of before that. */
export const redisAway = z.object({ since: time, why: z.string() });
export type RedisAway = z.infer<typeof redisAway>;

/** One sample of the last hours. `factories` has the condition of each factory then: what is not closed is an outage. */
export const historySample = z.object({
  at: time,
  accepted: z.number(),
  fulfilled: z.number(),
  dead: z.number(),
  held: z.number(),
  backlog: z.number(),
  oldestPendingMs: z.number().optional(),
  factories: z.partialRecord(factoryName, z.enum(factoryConditions)),
});
export type HistorySample = z.infer<typeof historySample>;

/** `accepted` and `fulfilled` are counts since the beginning: a rate is the difference of two samples. Oldest first. */
export const history = z.object({ intervalMs: z.number(), samples: z.array(historySample) });
export type History = z.infer<typeof history>;
