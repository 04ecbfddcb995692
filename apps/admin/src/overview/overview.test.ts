import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { overview as overviewSchema } from '@proofbox/contract/admin';
import { force } from '@proofbox/factory/breaker';
import {
  connectFailingFast,
  createBreakerStore,
  createQueuePause,
  createLedger,
  createNames,
  joinFleet,
} from '@proofbox/ledger';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { createOverview, type OverviewUpdate } from './overview.ts';

let opened: AsyncDisposableStack;
beforeEach(() => {
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

/** A shop in Redis without any process, and how it is read. */
async function aShop({ now = Date.now }: { now?: () => number } = {}) {
  const errors: string[] = [];
  const onError = (error: Error): void => void errors.push(error.message);
  const redis = connectFailingFast({ url: inject('redisUrl'), onError });
  opened.defer(() => redis.disconnect());
  await new Promise((resolve) => redis.once('ready', resolve));
  const names = createNames(`test-${randomUUID()}`);
  const ledger = createLedger({ redis, names });
  const breakers = createBreakerStore({ redis, names, onError });
  const queuePause = createQueuePause({ redis, names, onError });
  const overview = createOverview({ redis, names, ledger, breakers, queuePause, onError, now });
  const readings = vi.spyOn(ledger, 'stats');

  async function accept(): Promise<string> {
    const id = `pb-${randomUUID()}`;
    const order = {
      id,
      franchiseId: 1,
      storeId: '1',
      items: [{ menuId: 1, description: 'Veggie', price: 1 }],
    };
    await ledger.accept({
      id,
      fingerprint: 'f',
      source: 'frontend',
      dinerId: '2',
      request: { diner: { id: 2 }, order },
      deadlineMs: 60_000,
    });
    return id;
  }

  async function fulfil(id: string): Promise<void> {
    const begun = await ledger.beginAttempt({
      id,
      factory: 'primary',
      worker: 'w',
      token: id,
      leaseMs: 1_000,
    });
    if (begun.status !== 'begun') throw new Error(begun.status);
    await ledger.settle({ ...begun.attempt, outcome: { kind: 'fulfilled', receipt: 'r' } });
  }
  return { redis, names, ledger, breakers, queuePause, overview, readings, errors, accept, fulfil };
}

type TestShop = Awaited<ReturnType<typeof aShop>>;

function listen({ overview }: TestShop): { received: OverviewUpdate[]; leave: () => void } {
  const received: OverviewUpdate[] = [];
  const watching = overview.watch((update) => received.push(update));
  opened.use(watching);
  return { received, leave: () => watching[Symbol.dispose]() };
}

test('all that is to be known at a glance: orders, factories, workers, queuePause, and what needs an operator', async () => {
  const shop = await aShop();
  const { names, redis, ledger, breakers, queuePause, overview } = shop;
  await shop.fulfil(await shop.accept());
  await ledger.deadLetter({ id: await shop.accept(), state: 'dead', reason: 'rejected' });
  const acceptedAfter = Date.now();
  await shop.accept();
  opened.use(joinFleet({ redis, names, worker: 'w' }));
  await joinFleet({ redis, names, worker: 'w' }).beat();
  await breakers.update('fallback', force({ to: 'open', by: 'ann', why: 'cleaned', now: Date.now() }));
  await queuePause.set({ isPaused: true, by: 'ann', why: 'a new oven' });

  const view = await overview.now();
  expect(overviewSchema.parse(view)).toEqual(view);
  expect(view).toMatchObject({
    counts: { queued: 1, baking: 0, fulfilled: 1, dead: 1, held: 0, discarded: 0 },
    accepted: 3,
    acceptedPerSecond: 0,
    backlog: 1,
    workers: 1,
    factories: [
      { factory: 'primary', condition: 'closed', isKnown: false, lastFulfilledAt: expect.any(String) },
      {
        factory: 'fallback',
        condition: 'forced_open',
        forced: { by: 'ann', why: 'cleaned' },
        unforced: 'closed',
      },
    ],
    queuePause: { isPaused: true, by: 'ann', why: 'a new oven' },
    warnings: [
      { level: 'warning', text: expect.stringContaining('queue has been paused since'), page: 'factories' },
      { level: 'warning', text: expect.stringContaining('1 order needs an operator'), page: 'dead-letters' },
    ],
  });
  expect(view.factories[0]!.latencyMs).toBeGreaterThanOrEqual(0);
  expect(Date.parse(view.oldestPendingAt!)).toBeGreaterThanOrEqual(acceptedAfter);
  expect(view).not.toHaveProperty('secondsToEmpty');
});

test('whoever looks first sees rates at once, from what the workers wrote down, and how long the backlog lasts', async () => {
  const shop = await aShop();
  await Promise.all(Array.from({ length: 20 }, shop.accept));
  const tenSecondsAgo = { accepted: 10, fulfilled: 0, dead: 0, held: 0, backlog: 120, factories: {} };
  await shop.redis.xadd(
    shop.names.history,
    `${Date.now() - 10_000}-0`,
    'sample',
    JSON.stringify(tenSecondsAgo),
  );
  const view = await shop.overview.now();
  expect(view.acceptedPerSecond).toBeCloseTo(1, 1);
  expect(view.secondsToEmpty).toBeGreaterThanOrEqual(2);
  expect(view.secondsToEmpty).toBeLessThanOrEqual(3);
  expect((await shop.overview.history(1)).samples).toHaveLength(1);
});

test('that no factory takes orders is told of the factories that the workers know, whatever the others are', async () => {
  const shop = await aShop();
  await shop.breakers.update('primary', force({ to: 'open', by: 'ann', why: 'cleaned', now: Date.now() }));
  const alone = { accepted: 0, fulfilled: 0, dead: 0, held: 0, backlog: 0, factories: { primary: 'closed' } };
  await shop.redis.xadd(shop.names.history, '*', 'sample', JSON.stringify(alone));
  const { warnings } = await shop.overview.now();
  expect(warnings.map((each) => each.text)).toEqual([
    expect.stringMatching(/^No factory has taken orders since/),
  ]);
});

test('however many look, it is read once a second, and not at all while nobody looks', async () => {
  const shop = await aShop();
  await Promise.all(Array.from({ length: 20 }, () => shop.overview.now()));
  expect(shop.readings).toHaveBeenCalledTimes(1);

  const many = Array.from({ length: 20 }, () => listen(shop));
  const startedAt = Date.now();
  await expect
    .poll(() => Math.min(...many.map(({ received }) => received.length)), { timeout: 15_000 })
    .toBeGreaterThanOrEqual(3);
  const seconds = Math.ceil((Date.now() - startedAt) / 1_000);
  expect(shop.readings.mock.calls.length).toBeLessThanOrEqual(2 + seconds);
  expect(many[0]!.received.every(({ event }) => event === 'overview')).toBe(true);
  await shop.overview.now();
  // Who comes later need not wait for the next second.
  expect(listen(shop).received).toHaveLength(1);

  await opened.disposeAsync().catch(() => {});
  opened = new AsyncDisposableStack();
  const { length: read } = shop.readings.mock.calls;
  await sleep(2_500);
  expect(shop.readings.mock.calls.length - read).toBeLessThanOrEqual(1);
});

test('that Redis is away is told each second, with since when, and it recovers by itself', async () => {
  const shop = await aShop();
  const { received } = listen(shop);
  await expect.poll(() => received.at(-1)?.event).toBe('overview');
  shop.redis.disconnect();
  await expect
    .poll(() => received.filter(({ event }) => event === 'away').length, { timeout: 10_000 })
    .toBe(2);
  const away = received.filter(({ event }) => event === 'away');
  expect(away[0]).toEqual({ event: 'away', data: { since: expect.any(String), why: expect.any(String) } });
  expect(away[1]).toEqual(away[0]);
  await expect(shop.overview.now()).rejects.toThrow(/connection/i);
  expect(shop.errors).toHaveLength(1);

  await shop.redis.connect();
  await expect.poll(() => received.at(-1)?.event, { timeout: 10_000 }).toBe('overview');
});

test('a clock that is set back does not make what was read before fresh for an hour', async () => {
  let time = Date.now();
  const shop = await aShop({ now: () => time });
  await shop.overview.now();
  time -= 3_600_000;
  await shop.accept();
  expect(await shop.overview.now()).toMatchObject({ accepted: 1 });
});
