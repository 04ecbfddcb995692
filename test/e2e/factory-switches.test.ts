import { randomUUID } from 'node:crypto';
import type { FactoryName } from '@proofbox/contract';
import { overview, type Overview } from '@proofbox/contract/admin';
import { connectPatiently, createNames } from '@proofbox/ledger';
import type { StackOptions } from '@proofbox/local';
import { expect, inject, test } from 'vitest';
import { breakerStatesIn } from '../support/breaker-states.ts';
import { eventually } from '../support/eventually.ts';
import { readMetrics, type Sample } from '../support/metrics.ts';
import { proofboxIn, type Proofbox } from '../support/proofbox-command.ts';
import { openShop, type Shop } from '../support/shop.ts';

type SwitchedShop = Shop & { proofbox: Proofbox; keyTag: string };

/** A shop, and the command line for it. */
async function openSwitchedShop(options: StackOptions = {}): Promise<SwitchedShop> {
  const keyTag = `test-${randomUUID()}`;
  const shop = await openShop({ keyTag, ...options });
  return { ...shop, proofbox: proofboxIn(shop), keyTag };
}

/** Which factories a new order was tried at, in order; the last one baked it. */
async function triedBy({ diner }: Shop): Promise<string[]> {
  const answer = await diner.order();
  expect(answer.status).toBe(200);
  const { attempts } = (await diner.status(answer.body.order.id)).body;
  expect(attempts.at(-1)).toMatchObject({ outcome: 'fulfilled' });
  return attempts.map((each) => each.factory);
}

/** The value of a metric of the worker with these labels; undefined when there is no such series. */
async function metric(
  { stack }: Shop,
  name: string,
  labels: Record<string, string>,
): Promise<number | undefined> {
  return valueIn(await readMetrics(stack.urls.worker), name, labels);
}

function valueIn(samples: Sample[], name: string, labels: Record<string, string>): number | undefined {
  return samples.find(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;
}

async function conditionOf({ proofbox }: SwitchedShop, name: FactoryName): Promise<Record<string, unknown>> {
  const { stdout } = await proofbox('factory', 'list', '--json');
  const { factories } = JSON.parse(stdout) as { factories: Record<string, unknown>[] };
  return factories.find((each) => each['factory'] === name)!;
}

async function statsOf({ proofbox }: SwitchedShop): Promise<Overview> {
  return overview.parse(JSON.parse((await proofbox('stats', '--json')).stdout));
}

async function auditOf({ keyTag }: SwitchedShop): Promise<Record<string, string>[]> {
  const redis = connectPatiently({ url: inject('redisUrl'), onError: () => {} });
  try {
    const entries = await redis.xrange(createNames(keyTag).audit, '-', '+');
    return entries.map(([, fields]) =>
      Object.fromEntries(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]!]] : []))),
    );
  } finally {
    redis.disconnect();
  }
}

test('forced open, the primary gets no order from then on, also after a restart of the worker, until auto', async () => {
  await using shop = await openSwitchedShop();
  expect(await triedBy(shop)).toEqual(['primary']);

  const forced = await shop.proofbox('factory', 'off', 'primary', '--why', 'ovens are cleaned', '--yes');
  expect(forced).toMatchObject({ code: 0, stderr: '' });
  expect(forced.stdout).toMatch(/primary\n +Condition +forced open/);
  await eventually(
    () => triedBy(shop),
    (factories) => factories[0] === 'fallback',
  );
  expect(await triedBy(shop)).toEqual(['fallback']);

  await shop.stack.process('worker').restart();
  expect(await triedBy(shop)).toEqual(['fallback']);
  expect(await conditionOf(shop, 'primary')).toMatchObject({
    condition: 'forced_open',
    forced: { to: 'open', by: 'operator', why: 'ovens are cleaned', at: expect.any(String) },
  });
  expect((await shop.proofbox('stats')).stdout).toMatch(/Workers +1 alive/);

  await shop.proofbox('factory', 'auto', 'primary', '--why', 'clean');
  await eventually(
    () => triedBy(shop),
    (factories) => factories[0] === 'primary',
    5_000,
  );
  expect(await conditionOf(shop, 'primary')).toMatchObject({ condition: 'closed' });

  const again = await shop.proofbox('factory', 'auto', 'primary', '--why', 'twice');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('closed: takes orders') });
  const by = 'operator';
  expect(await auditOf(shop)).toMatchObject([
    { action: 'force_open', subject: 'factory:primary', by, reason: 'ovens are cleaned' },
    { action: 'auto', subject: 'factory:primary', by, reason: 'clean' },
  ]);
});

test('forced closed, the primary is sent orders although each of them fails', async () => {
  await using shop = await openSwitchedShop();
  await shop.primary.misbehave({ kind: 'fail' });
  await shop.proofbox('factory', 'keep-on', 'primary', '--why', 'I know better', '--yes');
  for (let i = 0; i < 6; i += 1) expect(await triedBy(shop)).toEqual(['primary', 'fallback']);
  await shop.proofbox('factory', 'auto', 'primary', '--why', 'it knows better');
  await eventually(
    () => triedBy(shop),
    (factories) => factories[0] === 'fallback',
    1_000,
  );
});

test('a primary that refuses three orders in a row is out of service, and tried at once when an operator says auto; no order is lost to it', async () => {
  await using shop = await openSwitchedShop();
  await shop.primary.misbehave({ kind: '401' });
  for (let i = 0; i < 3; i += 1) expect(await triedBy(shop)).toEqual(['primary', 'fallback']);
  for (let i = 0; i < 3; i += 1) expect(await triedBy(shop)).toEqual(['fallback']);
  expect(await shop.primary.totals()).toMatchObject({ requests: 3 });
  expect(await conditionOf(shop, 'primary')).toMatchObject({
    condition: 'out_of_service',
    cause: '3 orders in a row, the last: invalid authentication',
  });
  const primary = { factory: 'primary' };
  expect(await metric(shop, 'pizza_factory_misconfigured', primary)).toBe(1);
  expect(await metric(shop, 'pizza_factory_up', primary)).toBe(0);
  expect(await metric(shop, 'pizza_factory_misconfigured', { factory: 'fallback' })).toBe(0);

  await shop.primary.mend();
  await shop.proofbox('factory', 'auto', 'primary', '--why', 'they know our key again');
  await eventually(
    () => triedBy(shop),
    (factories) => factories[0] === 'primary',
    5_000,
  );
  expect(await metric(shop, 'pizza_factory_misconfigured', primary)).toBe(0);
  expect(await metric(shop, 'pizza_factory_up', primary)).toBe(1);
  const { accepted, counts } = await statsOf(shop);
  expect(counts).toMatchObject({ dead: 0, held: 0, queued: 0, baking: 0, fulfilled: accepted });
});

test('orders wait while the only factory refuses us, none is given up, and a worker with another api key tries again by itself', async () => {
  await using shop = await openSwitchedShop({
    fallback: false,
    timings: { waitMs: 300 },
    apiKeys: { primary: 'the-first-key', fallback: 'unused' },
    env: { primary: { API_KEYS: 'the-second-key' } },
  });
  const waiting = await Promise.all([shop.diner.order(), shop.diner.order(), shop.diner.order()]);
  expect(waiting.map(({ status }) => status)).toEqual([202, 202, 202]);
  await eventually(
    () => conditionOf(shop, 'primary'),
    ({ condition }) => condition === 'out_of_service',
  );
  await shop.stack.process('worker').restart();
  expect((await shop.diner.order()).status).toBe(202);
  expect(await conditionOf(shop, 'primary')).toMatchObject({ condition: 'out_of_service' });

  await shop.stack.process('worker').restart({ FACTORY_PRIMARY_API_KEY: 'the-second-key' });
  for (const { body } of waiting) {
    await eventually(
      () => shop.diner.status(body.order.id),
      (answer) => answer.body.status === 'fulfilled',
    );
  }
  expect(await conditionOf(shop, 'primary')).toMatchObject({ condition: 'closed' });
});

/** @guarantee G8 */
test('a canary notices a failing primary before any diner does, and is in no statistics of orders', async () => {
  await using shop = await openSwitchedShop({
    env: {
      worker: {
        CANARY_INTERVAL_MS: '1000',
        FACTORY_PRIMARY_HEALTH_PATH: '/health',
        FACTORY_FALLBACK_HEALTH_PATH: '/health',
      },
    },
  });
  const primary = { factory: 'primary' };
  await eventually(
    () => metric(shop, 'proofbox_canaries_total', { ...primary, outcome: 'fulfilled' }),
    (canaries) => canaries! > 0,
  );
  expect(await metric(shop, 'pizza_factory_up', primary)).toBe(1);
  await eventually(
    () => metric(shop, 'pizza_factory_health_latency_ms_count', primary),
    (asked) => asked! > 0,
  );

  await shop.primary.misbehave({ kind: 'fail' });
  await eventually(
    () => metric(shop, 'pizza_factory_up', primary),
    (up) => up === 0,
    2_500,
  );
  await eventually(
    async () => breakerStatesIn(await readMetrics(shop.stack.urls.worker)).primary,
    (state) => state === 'open',
    5_000,
  );
  expect(await metric(shop, 'pizza_factory_up', { factory: 'fallback' })).toBe(1);
  expect(await triedBy(shop)).toEqual(['fallback']);

  const orders = (await shop.primary.orders()).map((each) => each.orderId);
  expect(orders.length).toBeGreaterThan(3);
  expect(orders.filter((id) => !id.startsWith('canary-'))).toEqual([]);
  expect(await statsOf(shop)).toMatchObject({ accepted: 1, counts: { fulfilled: 1, dead: 0 } });
  expect(await metric(shop, 'proofbox_late_receipts_total', {})).toBe(0);

  await shop.primary.mend();
  await eventually(
    async () => breakerStatesIn(await readMetrics(shop.stack.urls.worker)).primary,
    (state) => state === 'closed',
    15_000,
  );
  expect(await metric(shop, 'pizza_factory_up', primary)).toBe(1);
});

test('one worker of three sends canaries, and none where orders are baked anyway', async () => {
  await using shop = await openSwitchedShop({
    workers: 3,
    env: { worker: { CANARY_INTERVAL_MS: '1500' } },
  });
  const startedAt = Date.now();
  const bakeFor = async (ms: number): Promise<void> => {
    const endsAt = Date.now() + ms;
    while (Date.now() < endsAt) {
      await triedBy(shop);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  await bakeFor(6_000);
  const canariesAt = async (control: Shop['primary']): Promise<number[]> =>
    (await control.requests()).filter((each) => each.orderId?.startsWith('canary-')).map((each) => each.at);
  const elapsedMs = Date.now() - startedAt;
  const primary = await canariesAt(shop.primary);
  const fallback = await canariesAt(shop.fallback);
  // Before the first order was baked there may have been one.
  expect(primary.length).toBeLessThanOrEqual(1);
  expect(fallback.length).toBeGreaterThanOrEqual(2);
  expect(fallback.length).toBeLessThanOrEqual(Math.ceil(elapsedMs / 1_500) + 3);
  const distances = fallback.slice(1).map((at, i) => at - fallback[i]!);
  expect(Math.min(...distances)).toBeGreaterThan(1_400);
});

test('every metric of a factory is there from the first scrape on', async () => {
  await using shop = await openSwitchedShop();
  const samples = await readMetrics(shop.stack.urls.worker);
  for (const factory of ['primary', 'fallback']) {
    const of = (name: string, labels = {}) => valueIn(samples, name, { factory, ...labels });
    expect({
      up: of('pizza_factory_up'),
      lastGood: of('pizza_factory_last_good_timestamp_seconds'),
      misconfigured: of('pizza_factory_misconfigured'),
      closed: of('pizza_factory_breaker_state', { state: 'closed' }),
      open: of('pizza_factory_breaker_state', { state: 'open' }),
      healthAsked: of('pizza_factory_health_latency_ms_count'),
      canaries: of('proofbox_canaries_total', { outcome: 'failed' }),
      attempts: of('proofbox_attempts_total', { outcome: 'fulfilled' }),
      failures: of('pizza_creation_failures_total', { outcome: 'unknown' }),
      latency: of('pizza_creation_latency_ms_count', { outcome: 'fulfilled' }),
    }).toEqual({
      up: 1,
      lastGood: 0,
      misconfigured: 0,
      closed: 1,
      open: 0,
      healthAsked: 0,
      canaries: 0,
      attempts: 0,
      failures: 0,
      latency: 0,
    });
  }
});

test('a name that is no factory is bad usage, and so is forcing without a reason', async () => {
  await using shop = await openSwitchedShop({ workers: 0 });
  const { proofbox } = shop;
  const unknown = await proofbox('factory', 'off', 'oven', '--why', 'a test');
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(/^error: .*'oven'.*primary, fallback/);
  expect(await proofbox('factory', 'off', 'primary')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--why'),
  });
  expect(await proofbox('factory', 'keep-on', 'primary', '--why', ' ')).toMatchObject({ code: 2 });
  const { stdout } = await proofbox('factory', 'list');
  expect(stdout.match(/nothing known yet: trusted/g)).toHaveLength(2);
});
