import { describe, expect, test } from 'vitest';
import { openShop } from '../support/shop.ts';

const faults = [
  { kind: 'fail' },
  { kind: 'badjwt' },
  { kind: 'throttle' },
  { kind: 'down' },
  { kind: 'hang' },
  { kind: 'reset' },
  { kind: 'html502' },
  { kind: '429', retryAfterSeconds: 5 },
  { kind: '401' },
  { kind: 'lie' },
];

describe('with a healthy fallback', () => {
  test.for(faults)('a primary in $kind costs no diner their receipt', async (fault) => {
    await using shop = await openShop({ admin: false });
    await shop.primary.misbehave(fault);

    const first = await shop.diner.order();
    expect(first.status).toBe(200);
    expect((await shop.diner.status(first.body.order.id)).body.attempts.map((each) => each.factory)).toEqual([
      'primary',
      'fallback',
    ]);
    expect(await shop.fallback.order(first.body.order.id)).toMatchObject({ baked: 1 });
    await Promise.all([shop.diner.order(), shop.diner.order()]);

    const asked = (await shop.primary.totals()).requests;
    const later = await shop.diner.order();
    expect(later.status).toBe(200);
    expect((await shop.diner.status(later.body.order.id)).body.attempts).toMatchObject([
      { factory: 'fallback', outcome: 'fulfilled' },
    ]);
    expect((await shop.primary.totals()).requests).toBe(asked);
  });
});

test('a primary that asks for patience is left alone for as long as it says, and then used again', async () => {
  await using shop = await openShop({ admin: false });
  await shop.primary.misbehave({ kind: '429', retryAfterSeconds: 2, times: 1 });
  await shop.diner.order();
  const meanwhile = await shop.diner.order();
  expect((await shop.diner.status(meanwhile.body.order.id)).body.attempts).toMatchObject([
    { factory: 'fallback' },
  ]);
  await expect
    .poll(async () => (await shop.diner.status((await shop.diner.order()).body.order.id)).body.attempts, {
      timeout: 10_000,
      interval: 200,
    })
    .toMatchObject([{ factory: 'primary', outcome: 'fulfilled' }]);
});

test('a primary that is mended gets its orders back, and no diner waits for the probe', async () => {
  await using shop = await openShop({ admin: false });
  await shop.primary.misbehave({ kind: 'hang' });
  await Promise.all([shop.diner.order(), shop.diner.order(), shop.diner.order()]);
  const probed = async (): Promise<boolean> => {
    const answer = await shop.diner.order();
    expect(answer.status).toBe(200);
    const { attempts } = (await shop.diner.status(answer.body.order.id)).body;
    const wasProbe = attempts.length === 2;
    expect(wasProbe && answer.elapsedMs > 1_500).toBe(false);
    return wasProbe;
  };
  await expect.poll(probed, { timeout: 15_000, interval: 100 }).toBe(true);
  await shop.primary.mend();
  await expect
    .poll(async () => (await shop.diner.status((await shop.diner.order()).body.order.id)).body.attempts, {
      timeout: 30_000,
      interval: 200,
    })
    .toMatchObject([{ factory: 'primary', outcome: 'fulfilled' }]);
});
