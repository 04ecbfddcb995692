import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { readMetrics } from '../support/metrics.ts';
import { orderDetailOf } from '../support/order-detail.ts';
import { openShop } from '../support/shop.ts';
import { anOrder } from '../support/shopper.ts';

test.for([
  { kind: 'encoded', encoding: 'gzip' },
  { kind: 'encoded', encoding: 'deflate' },
  { kind: 'encoded', encoding: 'br' },
  { kind: 'encoded', encoding: 'zstd' },
  { kind: 'interim', status: 100, count: 1 },
  { kind: 'interim', status: 103, count: 3 },
])(
  'a reply that goes over the wire as $kind $encoding $status is understood the first time',
  async (fault) => {
    await using shop = await openShop({ fallback: false });
    await shop.primary.misbehave(fault);
    const { status, body } = await shop.diner.order();
    expect([status, body.status]).toEqual([200, 'fulfilled']);
    expect(await shop.diner.verify(body.jwt)).toMatchObject({ status: 200 });
    expect(await shop.primary.order(body.order.id)).toMatchObject({ requests: 1, baked: 1 });
  },
);

test('a reply in an encoding that nobody knows says so, and is not repeated where that is not safe', async () => {
  await using shop = await openShop({ env: { worker: { FACTORY_PRIMARY_REPEATABLE: 'false' } } });
  await shop.primary.misbehave({ kind: 'encoded', encoding: 'unknown' });
  const { body } = await shop.diner.order();
  expect(body.status).toBe('delayed');
  expect(await orderDetailOf(shop, body.order.id)).toMatchObject({
    state: 'held',
    lastAttempt: { detail: expect.stringContaining('encoding that is not known') as string },
  });
});

test('600 orders at a factory that closes idle connections after 20 ms: none held, none baked twice', async () => {
  await using shop = await openShop({
    fallback: false,
    timings: { waitMs: 0 },
    env: { worker: { FACTORY_PRIMARY_REPEATABLE: 'false' } },
  });
  await shop.primary.misbehave({ kind: 'idleClose', ms: 20 });
  // Twelve diners, each with a moment between two orders: connections are idle for about as long as they live.
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      for (let n = 0; n < 50; n += 1) {
        await shop.diner.order(anOrder());
        await pause(12 + (n % 10));
      }
    }),
  );
  await eventually(
    async () =>
      (await (await fetch(`${shop.stack.urls.worker}/metrics`)).text()).match(
        /^pizzas_sold_total (\d+)$/m,
      )?.[1],
    (sold) => sold === '600',
    60_000,
  );
  const orders = await shop.primary.orders();
  expect(orders).toHaveLength(600);
  expect(orders.filter(({ baked }) => baked !== 1)).toEqual([]);
  expect(await shop.primary.totals()).toMatchObject({ requests: 600, baked: 600 });
});

test('nothing that goes to a factory goes to the proxy of the environment: orders, keys, health page', async () => {
  const seen: string[] = [];
  const proxy = createServer((request, reply) => {
    seen.push(`${request.method} ${request.url}`);
    reply.writeHead(502).end();
  });
  proxy.on('connect', ({ url }: { url?: string }, socket: { destroy(): void }) => {
    seen.push(`CONNECT ${url}`);
    socket.destroy();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  await using closing = new AsyncDisposableStack();
  closing.defer(() => void proxy.close());
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const names = ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
  const proxied = {
    ...Object.fromEntries(names.map((name) => [name, url])),
    NODE_USE_ENV_PROXY: '1',
    NO_PROXY: '',
    FACTORY_PRIMARY_HEALTH_PATH: '/health',
  };
  await using shop = await openShop({ fallback: false, env: { ingest: proxied, worker: proxied } });
  const { status, body } = await shop.diner.order();
  expect(status).toBe(200);
  expect(await shop.diner.verify(body.jwt)).toMatchObject({ status: 200 });
  await eventually(
    () => readMetrics(shop.stack.urls.worker),
    (samples) =>
      samples.some(({ name, value }) => name === 'pizza_factory_health_latency_ms_count' && value > 0),
  );
  expect(seen).toEqual([]);
});

/** @guarantee G9 */
test('a key page without end costs ingest and worker no memory, and soon the fallback gets the orders', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'proofbox-endless-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(dataDir, { recursive: true, maxRetries: 9 }));
  const shop = opened.use(await openShop({ dataDir }));
  await shop.primary.misbehave({ kind: 'keys', how: 'endless' });
  await rm(path.join(dataDir, 'factory-keys'), { recursive: true, force: true });
  // Neither knows the keys of the primary from before.
  await Promise.all(['ingest', 'worker'].map((name) => shop.stack.process(name).restart()));
  // The primary's receipts are kept until they can be checked; after three of them the fallback gets the orders.
  await Promise.all([shop.diner.order(), shop.diner.order(), shop.diner.order()]);
  const { body } = await eventually(
    () => shop.diner.order(),
    ({ status }) => status === 200,
  );
  const memoryOf = async (process: 'ingest' | 'worker'): Promise<number> =>
    (await readMetrics(shop.stack.urls[process])).find(
      ({ name }) => name === 'process_resident_memory_bytes',
    )!.value;
  const before = { ingest: await memoryOf('ingest'), worker: await memoryOf('worker') };
  for (let n = 0; n < 5; n += 1) {
    await shop.diner.order(anOrder());
    expect(await shop.diner.verify(body.jwt)).toMatchObject({ status: 200 });
    expect(await shop.diner.verify(`${body.jwt.slice(0, -4)}AAAA`)).toMatchObject({ status: 503 });
  }
  expect((await memoryOf('ingest')) - before.ingest).toBeLessThan(100_000_000);
  expect((await memoryOf('worker')) - before.worker).toBeLessThan(100_000_000);
});

/** @guarantee G9 */
test('a factory that takes connections and says nothing at all does not stop a worker from being ready', async () => {
  const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  await using closing = new AsyncDisposableStack();
  closing.defer(() => void silent.close());
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await using shop = await openShop({ env: { worker: { FACTORY_PRIMARY_URL: url } } });
  expect(await shop.diner.order()).toMatchObject({ status: 200 });
});
