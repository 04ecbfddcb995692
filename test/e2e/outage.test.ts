import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openShop } from '../support/shop.ts';

test.for(['down', 'fail', 'hang'])(
  'with both factories in %s an order waits, is answered in time, and is baked when they are back',
  async (kind) => {
    const waitMs = 2_000;
    await using shop = await openShop({ timings: { waitMs, factoryTimeoutMs: 1_000 } });
    await Promise.all([shop.primary.misbehave({ kind }), shop.fallback.misbehave({ kind })]);

    const answer = await shop.diner.order();
    expect(answer).toMatchObject({ status: 202, body: { order: { items: [{}] }, jwt: expect.any(String) } });
    expect(answer.body.jwt.split('.')).toHaveLength(1);
    const ticket = answer.body.jwt;
    expect(await shop.diner.verify(ticket)).toMatchObject({ status: 200, body: { message: 'pending' } });
    expect((await shop.diner.status(answer.body.order.id)).body.status).toMatch(/queued|retrying/);

    await Promise.all([shop.primary.mend(), shop.fallback.mend()]);
    const fulfilled = await eventually(
      () => shop.diner.status(answer.body.order.id),
      ({ body }) => body.status === 'fulfilled',
    );
    expect(await shop.diner.verify(ticket)).toMatchObject({
      status: 200,
      body: { message: 'valid', jwt: fulfilled.body.jwt },
    });
    expect(await shop.diner.verify(fulfilled.body.jwt)).toMatchObject({
      status: 200,
      body: { message: 'valid' },
    });
  },
);

test('while no factory takes orders, waiting orders cost no attempts and rest in the queue', async () => {
  await using shop = await openShop({ timings: { waitMs: 0 } });
  await Promise.all([shop.primary.misbehave({ kind: 'down' }), shop.fallback.misbehave({ kind: 'down' })]);
  for (let i = 0; i < 4; i += 1) await shop.diner.order();
  const metrics = async (): Promise<string> => (await fetch(`${shop.stack.urls.worker}/metrics`)).text();
  const isOpen = (text: string): boolean =>
    ['primary', 'fallback'].every((name) =>
      text.includes(`pizza_factory_breaker_state{factory="${name}",state="open"} 1`),
    );
  await eventually(metrics, isOpen);

  const waiting = await Promise.all(Array.from({ length: 20 }, () => shop.diner.order()));
  const untouched = await Promise.all(waiting.map(({ body }) => shop.diner.status(body.order.id)));
  expect(untouched.filter(({ body }) => body.attempts.length > 1)).toEqual([]);

  await Promise.all([shop.primary.mend(), shop.fallback.mend()]);
  for (const { body } of waiting) {
    await eventually(
      () => shop.diner.status(body.order.id),
      (answer) => answer.body.status === 'fulfilled',
    );
  }
});
