import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureRedis, startStack, type Redis, type Stack } from '@proofbox/local';
import { openBooks } from '../../support/backlog.ts';
import { bakedTimes } from '../../support/baked-times.ts';
import { createFactoryControl } from '../../support/factory-control.ts';
import { followOrders } from '../../support/follow-orders.ts';
import { createShopper, type Shopper } from '../../support/shopper.ts';
import { atSteadyRate } from '../../support/steady-rate.ts';
import { isSettled } from '../../support/taken-order.ts';
import { createTraffic, type Traffic } from '../../support/traffic.ts';
import { insistentShopper, type Repeats } from './insistent-shopper.ts';
import { countUp, drainLimitSeconds, type Away, type Result } from './result.ts';

export type RedisAwayOptions = {
  /** How long Redis is away. */
  seconds: number;
  /** Orders a second. */
  rate: number;
  /** Whether ingest is killed and started again in the middle. */
  killIngest: boolean;
  say?: (line: string) => void;
  /** Ends it before its time. */
  signal?: AbortSignal;
};

const diners = 20;
const timings = {
  /** Nobody waits for a receipt: every answer is to be a 202, as soon as the order is safe. */
  waitMs: 0,
  /** A call that a busy machine is late to answer would be made again, and the order baked twice with good reason. */
  factoryTimeoutMs: 20_000,
};
/** Orders are placed so much longer on either side, so that some are in the middle of it when Redis goes and comes. */
const marginMs = 1_000;
/** An ingest that was killed is back long before. */
const insistForMs = 30_000;
const patienceMs = 10_000;
/** Beyond what is promised, so that a run that breaks the promise can say by how much. */
const waitForDrainMs = 2 * drainLimitSeconds * 1_000;
/** Of what is not settled by then. */
const mostReadings = 3;
const lastReadingLimitMs = 120_000;
const reportEveryMs = 5_000;
const pollEveryMs = 250;

/**
 * Takes Redis away (kill -9) from a whole Proofbox under steady traffic, gives it back with its append-only file, and
 * counts what became of the orders. Nothing is left running, however it ends.
 * @throws Error when a process does not start or come back; whatever `signal` was aborted with
 */
export async function runRedisAway(options: RedisAwayOptions): Promise<Result & { flaws: string[] }> {
  const { seconds, rate, killIngest, say = () => {}, signal = new AbortController().signal } = options;
  const keyTag = `redis-away-${randomUUID()}`;
  say('Starting Redis, two stand-in factories, ingest and worker.');
  await using opening = new AsyncDisposableStack();
  const redis = opening.use(await ensureRedis({ say }));
  const stack = opening.use(await startStack({ redisUrl: redis.url, keyTag, admin: false, timings, signal }));
  const repeats: Repeats = { unanswered: 0, answerLost: 0 };
  const shoppers = await shoppersOf(stack);
  const traffic = createTraffic({
    shoppers: killIngest
      ? shoppers.map((each) => insistentShopper(each, { forMs: insistForMs, repeats }))
      : shoppers,
  });

  const startedAt = performance.now();
  const report = (what: string): void => say(`${inSeconds(performance.now() - startedAt)}  ${what}`);
  const closing = new AbortController();
  const placing = atSteadyRate({
    perSecond: rate,
    signal: AbortSignal.any([signal, closing.signal]),
    start: () => traffic.place(),
  });
  const reporting = setInterval(() => report(countOf(traffic)), reportEveryMs);
  let outage: Awaited<ReturnType<typeof takeAway>>;
  try {
    await pause(marginMs, undefined, { signal });
    outage = await takeAway({ redis, stack, seconds, killIngest, report, signal });
    await pause(marginMs, undefined, { signal });
  } finally {
    closing.abort();
    clearInterval(reporting);
  }
  await placing;
  if (killIngest) {
    const { unanswered, answerLost } = repeats;
    report(
      `Sent again with the same key: ${unanswered} posts without an answer, ${answerLost} whose answer was lost.`,
    );
  }
  report(`No new orders: ${countOf(traffic)}`);

  await drain({ url: redis.url, keyTag, traffic, report, signal });
  report('Reading every order and every receipt.');
  let readings = 0;
  await followOrders({
    orders: traffic.taken,
    signal: AbortSignal.any([signal, AbortSignal.timeout(lastReadingLimitMs)]),
    isDone: () => ++readings >= mostReadings || traffic.taken.every(isSettled),
  });
  signal.throwIfAborted();
  const { primaryControl, fallbackControl } = stack.urls;
  const factories = [createFactoryControl(primaryControl), createFactoryControl(fallbackControl)];
  const { taken, refusals } = traffic;
  return {
    seconds,
    rate,
    ...countUp({ taken, refusals, bakedTimes: await bakedTimes(factories), ...outage }),
    ingestKilled: killIngest,
  };
}

/** @returns when Redis was away, and when it answered again, in ms since the epoch */
async function takeAway(options: {
  redis: Redis;
  stack: Stack;
  seconds: number;
  killIngest: boolean;
  report: (what: string) => void;
  signal: AbortSignal;
}): Promise<{ away: Away; returnedAt: number }> {
  const { redis, stack, seconds, killIngest, report, signal } = options;
  const backAt = performance.now() + seconds * 1_000;
  const until = (at: number): Promise<void> =>
    pause(Math.max(0, at - performance.now()), undefined, { signal });
  await redis.kill('SIGKILL');
  await redis.exited;
  const from = Date.now();
  report('Redis is away.');
  if (killIngest) {
    await until(backAt - seconds * 500);
    const ingest = stack.process('ingest');
    ingest.kill('SIGKILL');
    await ingest.exited;
    report('Ingest is killed.');
    await ingest.restart();
    report('Ingest is back.');
  }
  await until(backAt);
  const to = Date.now();
  await redis.restart();
  report('Redis is back.');
  return { away: { from, to }, returnedAt: Date.now() };
}

/** Waits until as many orders are fulfilled as were taken, but not for ever. */
async function drain(options: {
  url: string;
  keyTag: string;
  traffic: Traffic;
  report: (what: string) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { url, keyTag, traffic, report, signal } = options;
  await using books = openBooks({ redisUrl: url, keyTag });
  const giveUpAt = performance.now() + waitForDrainMs;
  let reportAt = 0;
  while (performance.now() < giveUpAt) {
    const { fulfilled } = (await books.ledger.stats()).counters;
    if (fulfilled >= traffic.taken.length) return;
    if (performance.now() >= reportAt) {
      report(`${fulfilled} of ${traffic.taken.length} fulfilled`);
      reportAt = performance.now() + reportEveryMs;
    }
    await pause(pollEveryMs, undefined, { signal });
  }
}

function shoppersOf(stack: Stack): Promise<Shopper[]> {
  return Promise.all(
    Array.from({ length: diners }, async (_each, index) =>
      createShopper({
        url: stack.urls.ingest,
        token: await stack.tokenFor({ id: index + 1, name: `diner ${index + 1}`, email: 'd@jwt.com' }),
        timeoutMs: patienceMs,
      }),
    ),
  );
}

function countOf({ sent, taken, refusals }: Traffic): string {
  return `${sent} orders placed, ${taken.length} taken, ${refusals.length} refused`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(5)} s`;
}
