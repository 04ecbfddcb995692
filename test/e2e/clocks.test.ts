import { expect, inject, test } from 'vitest';
import { openBooks } from '../support/backlog.ts';
import { eventually } from '../support/eventually.ts';
import { readMetrics } from '../support/metrics.ts';
import { openClock } from '../support/open-clock.ts';
import { openShop } from '../support/shop.ts';

const hourMs = 3_600_000;

async function metric(url: string, wanted: string): Promise<number | undefined> {
  return (await readMetrics(url)).find(({ name }) => name === wanted)?.value;
}

/** @guarantee G9 */
test('a worker whose clock is 25 h ahead gives up none of 20 waiting orders, says so, and they are baked', async () => {
  const keyTag = `test-${crypto.randomUUID()}`;
  const lines: string[] = [];
  await using clock = await openClock(25 * hourMs);
  await using shop = await openShop({
    keyTag,
    fallback: false,
    admin: false,
    workers: 2,
    timings: { waitMs: 0 },
    env: { 'worker-2': clock.env },
    onLine: (name, line) => void (name === 'worker-2' && lines.push(line)),
  });
  await using balance = openBooks({ redisUrl: inject('redisUrl'), keyTag });
  await shop.primary.misbehave({ kind: 'fail' });
  const orders = await Promise.all(Array.from({ length: 20 }, () => shop.diner.order()));
  const { url } = shop.stack.process('worker-2');
  await eventually(
    () => metric(url, 'proofbox_expiry_held'),
    (held) => held === 1,
  );
  expect(await metric(url, 'proofbox_clock_skew_seconds')).toBeCloseTo(90_000, -1);
  expect(await metric(shop.stack.urls.worker, 'proofbox_expiry_held')).toBe(0);
  const said = lines.filter((line) =>
    /the clock of this machine differs from that of Redis|no order expires/.test(line),
  );
  expect(said).toHaveLength(2);
  // It is not in the way of the others, and bakes as well as they do.
  await shop.primary.mend();
  await eventually(
    async () => (await balance.ledger.stats()).counters,
    ({ fulfilled }) => fulfilled === orders.length,
    60_000,
  );
  expect((await balance.ledger.stats()).counters).toMatchObject({ accepted: 20, dead: 0, held: 0 });
}, 120_000);

/** @guarantee G9 */
test('a clock that is set back by 120 s in a worker, and in the ingest, keeps no order from its receipt', async () => {
  await using clock = await openClock(0);
  await using shop = await openShop({
    fallback: false,
    admin: false,
    env: { worker: clock.env, ingest: clock.env },
  });
  async function baked(): Promise<string | undefined> {
    const { body } = await shop.diner.order();
    const answer = await eventually(
      () => shop.diner.status(body.order.id),
      ({ body: { status } }) => status === 'fulfilled',
      30_000,
    );
    return answer.body.jwt;
  }
  expect(await baked()).toBeDefined();
  await clock.shift(-120_000);
  await eventually(
    () => metric(shop.stack.urls.worker, 'proofbox_clock_skew_seconds'),
    (skew) => skew !== undefined && skew < -119,
  );
  for (let n = 0; n < 3; n += 1) expect(await baked()).toBeDefined();
}, 120_000);

test('each process shows how far its clock is ahead', async () => {
  await using clock = await openClock(5_000);
  await using shop = await openShop({ fallback: false, env: { all: clock.env } });
  const { ingest, worker, admin } = shop.stack.urls;
  for (const url of [ingest, worker, admin]) {
    const skew = await eventually(
      () => metric(url, 'proofbox_clock_skew_seconds'),
      (shown) => shown !== undefined,
    );
    expect(skew).toBeCloseTo(5, 0);
  }
});
