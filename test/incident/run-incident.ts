import { setTimeout as pause } from 'node:timers/promises';
import { ensureRedis } from '@proofbox/local';
import { atSteadyRate } from '../support/steady-rate.ts';
import { oldAlertMinutes } from './alarm.ts';
import { measure } from './measures.ts';
import { createNarrator, type Narrator } from './narrator.ts';
import type { Result, ShopResult } from './result.ts';
import { openShopAsItWas } from './shop-as-it-was.ts';
import { openShopWithProofbox } from './shop-with-proofbox.ts';
import type { Shop } from './shop.ts';
import { moments, startClock, type Clock } from './timeline.ts';

const drainLimitMs = 60_000;
const lastReadingLimitMs = 60_000;
const faults = { dead: { kind: 'fail' } };

export type IncidentOptions = {
  /** How many times faster than it was. */
  speed: number;
  /** Orders a second of wall time, in each shop. */
  perSecond: number;
  say: (line: string) => void;
  /** Ends it before its time. */
  signal: AbortSignal;
};

/**
 * Runs the incident in three shops side by side, with the same traffic and the same faults at the same moments. Nothing
 * is left running, however it ends.
 * @throws Error when a process does not start; AbortError when `signal` aborts
 */
export async function runIncident({ speed, perSecond, say, signal }: IncidentOptions): Promise<Result> {
  say('Starting Redis, four stand-in factories, and two Proofboxes.');
  await using redis = await ensureRedis({ say });
  const common = { redisUrl: redis.url, signal };
  await using asItWas = await openShopAsItWas({
    ...common,
    alertAfterMs: (oldAlertMinutes * 60_000) / speed,
  });
  await using proofbox = await openShopWithProofbox({
    ...common,
    key: 'proofbox',
    name: 'Proofbox without a fallback',
    hasFallback: false,
  });
  await using withFallback = await openShopWithProofbox({
    ...common,
    key: 'proofboxWithFallback',
    name: 'Proofbox with a fallback',
    hasFallback: true,
  });
  const shops = [asItWas, proofbox, withFallback];
  const clock = startClock(speed, Date.now());
  const outage = await serve({ shops, clock, perSecond, say, signal });
  const results = await Promise.all(shops.map((shop) => closeBooks(shop, { ...outage, signal })));
  signal.throwIfAborted();
  return { speed, clock, shops: results };
}

/** When the factories first failed, and when they were mended for the last time. */
type Outage = { brokeAt: number; mendedAt: number };

/** From the first order until none waits any more, or the time for that is up. */
async function serve(options: {
  shops: readonly Shop[];
  clock: Clock;
  perSecond: number;
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<Outage> {
  const { shops, clock, perSecond, say, signal } = options;
  using narrator = createNarrator({ shops, clock, say });
  const closingTime = new AbortController();
  const patience = new AbortController();
  let isClosed = false;
  const placing = atSteadyRate({
    perSecond,
    signal: AbortSignal.any([signal, closingTime.signal]),
    start: async () => void (await Promise.all(shops.map((shop) => shop.place()))),
  });
  const until = AbortSignal.any([signal, patience.signal]);
  const following = shops.map((shop) => shop.follow({ isClosed: () => isClosed, signal: until }));
  let outage: Outage;
  try {
    outage = await liveThrough({ shops, clock, narrator, signal });
  } finally {
    closingTime.abort();
  }
  const drainEnds = setTimeout(() => patience.abort(), drainLimitMs);
  await placing;
  isClosed = true;
  await Promise.all(following);
  clearTimeout(drainEnds);
  signal.throwIfAborted();
  return outage;
}

/** Brings about one moment after the other. */
async function liveThrough(options: {
  shops: readonly Shop[];
  clock: Clock;
  narrator: Narrator;
  signal: AbortSignal;
}): Promise<Outage> {
  const { shops, clock, narrator, signal } = options;
  let brokeAt: number | undefined;
  let mendedAt = 0;
  for (const moment of moments) {
    await pause(Math.max(0, clock.wallTime(moment.minute) - Date.now()), undefined, { signal });
    narrator.tell(moment);
    if (moment.factory === 'dead') {
      brokeAt ??= Date.now();
      await Promise.all(shops.map((shop) => shop.factory.misbehave(faults.dead)));
    }
    if (moment.factory === 'mended') {
      await Promise.all(shops.map((shop) => shop.factory.mend()));
      mendedAt = Date.now();
    }
  }
  return { brokeAt: brokeAt!, mendedAt };
}

async function closeBooks(
  shop: Shop,
  { brokeAt, mendedAt, signal }: Outage & { signal: AbortSignal },
): Promise<ShopResult> {
  const { key, name, alarmAt, factory } = shop;
  const until = AbortSignal.any([signal, AbortSignal.timeout(lastReadingLimitMs)]);
  const purchases = await shop.closeBooks(until);
  // Only calls of `POST /api/order` meet a fault.
  const callsToDeadFactory = (await factory.requests()).filter(({ fault }) => fault !== undefined).length;
  const measures = measure({ purchases, callsToDeadFactory, alarmAt, brokeAt, mendedAt });
  return { key, name, purchases, alarmAt, measures };
}
