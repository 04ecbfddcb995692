import { setTimeout as pause } from 'node:timers/promises';
import { ensureRedis, startStack, type Stack } from '@proofbox/local';
import { bakedTimes } from '../../support/baked-times.ts';
import { createFactoryControl } from '../../support/factory-control.ts';
import { followOrders, readOnceMore } from '../../support/follow-orders.ts';
import { tallyOrders } from '../../support/order-tally.ts';
import { createShopper, type Shopper } from '../../support/shopper.ts';
import { atSteadyRate } from '../../support/steady-rate.ts';
import { createSynchronousClient, type SynchronousClient } from '../../support/synchronous-client.ts';
import { isSettled } from '../../support/taken-order.ts';
import { createTraffic, type Traffic } from '../../support/traffic.ts';
import { bringAbout, draining, phases, type Factories } from './phases.ts';
import type { Result } from './result.ts';
import { openScreen, type Screen } from './screen.ts';
import type { View } from './view.ts';

const diners = 20;
const drainLimitMs = 90_000;
const lastReadingLimitMs = 60_000;

export type DemoOptions = {
  /** Orders a second, here and there. */
  perSecond: number;
  /** How long orders are placed. */
  lengthMs: number;
  view: View;
  /** Ends it before its time. */
  signal: AbortSignal;
};

/**
 * Runs a whole Proofbox through an outage of both factories under steady traffic, with a synchronous client beside
 * it, and counts. Nothing is left running, however it ends.
 * @throws Error when a process does not start; AbortError when `signal` aborts
 */
export async function runDemo({ perSecond, lengthMs, view, signal }: DemoOptions): Promise<Result> {
  view.say('Starting Redis, two stand-in factories, ingest and worker.');
  await using stack = await startStack({
    redis: await ensureRedis({ say: (line) => view.say(line) }),
    admin: false,
    signal,
  });
  const factories: Factories = {
    primary: createFactoryControl(stack.urls.primaryControl),
    fallback: createFactoryControl(stack.urls.fallbackControl),
  };
  const traffic = createTraffic({ shoppers: await shoppersOf(stack) });
  const synchronous = createSynchronousClient({
    factoryUrl: stack.urls.primary,
    apiKey: stack.apiKeys.primary,
  });
  {
    using screen = openScreen({ view, traffic, synchronous, workerUrl: stack.urls.worker });
    await serve({ perSecond, lengthMs, signal, factories, traffic, synchronous, screen });
  }
  // What counts is what the shop says in the end; a receipt that is another one by then is found out, too.
  await readOnceMore(traffic.taken, AbortSignal.any([signal, AbortSignal.timeout(lastReadingLimitMs)]));
  signal.throwIfAborted();
  return {
    tally: tallyOrders(traffic.taken, await bakedTimes([factories.primary, factories.fallback])),
    refusals: traffic.refusals,
    synchronous: { placed: synchronous.placed, lost: synchronous.lost },
  };
}

function shoppersOf(stack: Stack): Promise<Shopper[]> {
  return Promise.all(
    Array.from({ length: diners }, async (_each, index) =>
      createShopper({
        url: stack.urls.ingest,
        token: await stack.tokenFor({ id: index + 1, name: `diner ${index + 1}`, email: 'd@jwt.com' }),
      }),
    ),
  );
}

/** From the first order until none waits any more, or the time for that is up. */
async function serve(options: {
  perSecond: number;
  lengthMs: number;
  signal: AbortSignal;
  factories: Factories;
  traffic: Traffic;
  synchronous: SynchronousClient;
  screen: Screen;
}): Promise<void> {
  const { perSecond, lengthMs, signal, factories, traffic, synchronous, screen } = options;
  const closingTime = new AbortController();
  let isPlacing = true;
  const placing = atSteadyRate({
    perSecond,
    signal: AbortSignal.any([signal, closingTime.signal]),
    start: async () => void (await Promise.all([traffic.place(), synchronous.place()])),
  });
  const following = followOrders({
    orders: traffic.taken,
    signal: AbortSignal.any([signal, AbortSignal.timeout(lengthMs + drainLimitMs)]),
    isDone: () => !isPlacing && traffic.taken.every(isSettled),
  });
  try {
    for (const phase of phases) {
      await bringAbout(phase, factories);
      screen.enter(phase, phase.share * lengthMs);
      await pause(phase.share * lengthMs, undefined, { signal });
    }
  } finally {
    closingTime.abort();
  }
  screen.enter(draining);
  await placing;
  isPlacing = false;
  await following;
  signal.throwIfAborted();
}
