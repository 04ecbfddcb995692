import { expect, test } from 'vitest';
import { inject } from 'vitest';
import { openBooks } from '../support/backlog.ts';
import { eventually } from '../support/eventually.ts';
import { openShop } from '../support/shop.ts';

test('drain', async () => {
  const keyTag = `test-drain-${Date.now()}`;
  await using shop = await openShop({ keyTag, fallback: false });
  await using books = openBooks({ redisUrl: inject('redisUrl'), keyTag });
  await shop.primary.misbehave({ kind: 'fail' });
  await Promise.all([1, 2, 3].map(() => shop.diner.order()));
  const t0 = Date.now();
  const N = 6000;
  await books.fill(N);
  console.log('filled', Date.now() - t0);
  const before = await shop.primary.totals();
  const mendedAt = Date.now();
  await shop.primary.misbehave({ kind: 'maxRps', rps: 200 });
  let last = 0;
  await eventually(async () => {
    const { counters } = await books.ledger.stats();
    if (Date.now() - last > 1000) { last = Date.now(); const totals = await shop.primary.totals(); console.log(Date.now() - mendedAt, counters.fulfilled, totals.requests - before.requests, totals.baked); }
    return counters.fulfilled;
  }, (fulfilled) => fulfilled === N + 3, 90_000);
  const requests = (await (await fetch(`${shop.stack.urls.primaryControl}/requests?limit=100000&after=0`)).json()) as { requests: { at: number; status: number | string }[] };
  const ok = requests.requests.filter((each) => each.status === 200);
  const throttled = requests.requests.filter((each) => each.status === 429);
  const span = ok.at(-1)!.at - ok[0]!.at;
  console.log({ ok: ok.length, throttled: throttled.length, share: throttled.length / requests.requests.length, span, rate: (ok.length / span) * 1000 });
  expect(1).toBe(1);
}, 200_000);
