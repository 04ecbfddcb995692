import { setTimeout as pause } from 'node:timers/promises';
import { ensureRedis } from '@proofbox/local';
import { atSteadyRate } from '../../support/steady-rate.ts';
import { oldAlertMinutes } from './alarm.ts';
import { mostProbesTogether, type Outage } from './dead-calls.ts';
import { measure } from './measures.ts';
import { createNarrator, type Narrator } from './narrator.ts';
import type { Result, ShopResult } from './result.ts';
import { openShopAsItWas } from './shop-as-it-was.ts';
import { openShopWithProofbox } from './shop-with-proofbox.ts';
import type { Shop } from './shop.ts';
import { moments, startClock, type Clock } from './timeline.ts';

const drainLimitMs = 60_000;
const lastReadingLimitMs = 60_000;
/** 500 at once, as on that day. */
const outageFault = { kind: 'fail' };

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
  const outages = await serve({ shops, clock, perSecond, say, signal });
  const results = await Promise.all(shops.map((shop) => closeBooks(shop, outages, signal)));
  signal.throwIfAborted();
  return { speed, clock, shops: results };
}

/** From the first order until none waits any more, or the time for that is up. */
async function serve(options: {
  shops: readonly Shop[];
  clock: Clock;
  perSecond: number;
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<Outage[]> {
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
  let drainEnds: NodeJS.Timeout | undefined;
  try {
    const outages = await liveThrough({ shops, clock, narrator, signal });
    closingTime.abort();
    drainEnds = setTimeout(() => patience.abort(), drainLimitMs);
    await placing;
    isClosed = true;
    await Promise.all(following);
    signal.throwIfAborted();
    return outages;
  } finally {
    clearTimeout(drainEnds);
    closingTime.abort();
    patience.abort();
  }
}

/** Brings about one moment after the other. @returns when the factories were dead */
async function liveThrough(options: {
  shops: readonly Shop[];
  clock: Clock;
  narrator: Narrator;
  signal: AbortSignal;
}): Promise<Outage[]> {
  const { shops, clock, narrator, signal } = options;
  const outages: Outage[] = [];
  for (const moment of moments) {
    await pause(Math.max(0, clock.wallTime(moment.minute) - Date.now()), undefined, { signal });
    narrator.tell(moment);
    if (moment.factory === 'dead') {
      outages.push({ brokeAt: Date.now(), mendedAt: Infinity });
      await Promise.all(shops.map((shop) => shop.factory.misbehave(outageFault)));
    }
    if (moment.factory === 'mended') {
      await Promise.all(shops.map((shop) => shop.factory.mend()));
      outages.at(-1)!.mendedAt = Date.now();
    }
  }
  return outages;
}

async function closeBooks(shop: Shop, outages: readonly Outage[], signal: AbortSignal): Promise<ShopResult> {
  const { key, name, alarmAt, factory } = shop;
  const until = AbortSignal.any([signal, AbortSignal.timeout(lastReadingLimitMs)]);
  const purchases = await shop.closeBooks(until);
  const deadCalls = (await factory.requests()).filter(({ fault }) => fault !== undefined);
  const measures = measure({
    purchases,
    alarmAt,
    callsToDeadFactory: deadCalls.length,
    brokeAt: outages[0]!.brokeAt,
    mendedAt: outages.at(-1)!.mendedAt,
  });
  const callsAt = deadCalls.map(({ at }) => at);
  return { key, name, purchases, alarmAt, probesTogether: mostProbesTogether(callsAt, outages), measures };
}
