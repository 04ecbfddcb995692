import type { Overview } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder, createShopper } from '../support/shopper.ts';

/** How many orders Redis has. */
async function takenOrders({ admin }: Shop): Promise<number> {
  const { body } = await admin.as('viewer').get('/api/overview');
  return (body as Overview).counts.queued;
}

async function readiness(url: string): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${url}/readyz`);
  return { status: reply.status, text: await reply.text() };
}

test('an ingest that stops is not ready first, serves on, and answers every order that Redis took', async () => {
  await using shop = await openShop({
    workers: 0,
    // Nothing bakes: whoever waits does so until the ingest closes.
    timings: { waitMs: 30_000 },
    env: { ingest: { SHUTDOWN_PAUSE_MS: '2000' } },
  });
  const ingest = shop.stack.process('ingest');
  const waiting = shop.diner.order();
  await eventually(
    () => takenOrders(shop),
    (taken) => taken === 1,
  );

  ingest.kill('SIGTERM');
  await eventually(
    () => readiness(ingest.url),
    ({ status, text }) => status === 503 && text.includes('stopping'),
  );
  // A balancer that has not noticed yet: new connections all the time, until there is nobody any more.
  const answered: string[] = [];
  const async = { prefer: 'respond-async' };
  async function keepOrdering(): Promise<void> {
    const shopper = createShopper({ url: ingest.url, token: shop.diner.token });
    try {
      for (;;) {
        const { status, body, headers } = await shopper.order(anOrder(), async);
        expect([status, headers.get('connection')]).toEqual([202, 'close']);
        answered.push(body.order.id);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  await Promise.all(Array.from({ length: 4 }, keepOrdering));
  expect(answered.length).toBeGreaterThan(0);
  const last = await waiting;
  expect([last.status, last.body.status]).toEqual([202, 'queued']);
  expect(await ingest.exited).toEqual({ code: 0, signal: null });
  const promised = new Set([last.body.order.id, ...answered]);
  // What was refused, or met the end of its connection, Redis has not taken.
  await eventually(
    () => takenOrders(shop),
    (taken) => taken === promised.size,
  );
  expect(promised.size).toBeGreaterThan(1);
});
