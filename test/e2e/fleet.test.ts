import { expect, test } from 'vitest';
import { readBreakerStates } from '../support/breaker-states.ts';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';

/** The shortest open time, at the shortest end of its jitter. */
const shortestOpenMs = 0.8 * 300;

/** The primary's state as each worker has it. */
async function statesOfPrimary(shop: Shop): Promise<(string | undefined)[]> {
  const workers = shop.stack.processes.values().filter(({ name }) => name.startsWith('worker'));
  return Promise.all(workers.map(async ({ url }) => (await readBreakerStates(url)).primary));
}

test('what three orders find out spares the whole fleet: within a second no worker takes the factory for closed', async () => {
  await using shop = await openShop({ admin: false, fallback: false, workers: 3 });
  await shop.primary.misbehave({ kind: 'fail' });
  await Promise.all(Array.from({ length: 3 }, () => shop.diner.order()));
  await expect
    .poll(() => statesOfPrimary(shop), { timeout: 1_000, interval: 50 })
    .toEqual(Array.from({ length: 3 }, () => expect.not.stringMatching('^closed$') as string));
});

/** @guarantee G3 */
test('a dead factory gets three orders, then one per open interval, however many workers and orders wait', async () => {
  await using shop = await openShop({ admin: false, fallback: false, workers: 3, timings: { waitMs: 500 } });
  await shop.primary.misbehave({ kind: 'fail' });
  await Promise.all(Array.from({ length: 3 }, () => shop.diner.order()));
  await eventually(
    () => statesOfPrimary(shop),
    (states) => states.every((state) => state !== 'closed'),
  );
  const waiting = await Promise.all(Array.from({ length: 30 }, () => shop.diner.order()));
  await eventually(
    () => shop.primary.orders(),
    (orders) => orders.length >= 8,
  );
  // The first call of each order; what came after the third was a probe.
  const seen = new Set<string | undefined>();
  const calls = (await shop.primary.requests()).filter(
    ({ orderId }) => !seen.has(orderId) && seen.add(orderId),
  );
  const probes = calls.slice(3).map(({ at }) => at);
  const distances = probes.slice(1).map((at, i) => at - probes[i]!);
  expect(Math.min(...distances)).toBeGreaterThanOrEqual(shortestOpenMs);

  await shop.primary.mend();
  for (const { body } of waiting) {
    await eventually(
      () => shop.diner.status(body.order.id),
      (answer) => answer.body.status === 'fulfilled',
    );
  }
});
