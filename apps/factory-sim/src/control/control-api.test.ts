import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pizzaOrder, startSim, type SimUnderTest } from '../sim-under-test.ts';

let sim: SimUnderTest;
beforeEach(async () => {
  sim = await startSim();
});
afterEach(() => sim[Symbol.asyncDispose]());

describe('/fault', () => {
  test('shows what is in force, with its defaults, and null once it is mended', async () => {
    expect((await sim.control('GET', '/fault')).json).toEqual({ fault: null });
    const inForce = {
      fault: { kind: '429', percent: 100, retryAfterSeconds: 1, times: 5 },
      since: expect.any(Number),
      orders: 0,
      remaining: 5,
    };
    expect((await sim.control('PUT', '/fault', { kind: '429', times: 5 })).json).toEqual(inForce);
    expect((await sim.control('GET', '/fault')).json).toEqual(inForce);
    expect((await sim.control('DELETE', '/fault')).json).toEqual({ fault: null });
  });

  test.each([
    [{ kind: 'flood' }, 'kind: expected one of fail, throttle, badjwt, down'],
    [{}, 'kind: expected one of fail'],
    [{ kind: 'slow' }, 'ms: '],
    [{ kind: 'maxRps', rps: 0 }, 'rps: '],
    [{ kind: 'fail', percent: 0 }, 'percent: '],
    [{ kind: 'fail', percent: 101 }, 'percent: '],
    [{ kind: 'fail', times: 0 }, 'times: '],
    [{ kind: 'fail', precent: 50 }, 'precent'],
    ['[]', 'The fault is not valid'],
  ])('refuses %j and says what is wrong', async (body, words) => {
    const reply = await sim.control('PUT', '/fault', body);
    expect(reply.status).toBe(400);
    expect(reply.json['message']).toContain(words);
    expect((await sim.control('GET', '/fault')).json).toEqual({ fault: null });
  });
});

describe('the counts', () => {
  test('counts how often each order arrived and was baked, whatever the answer', async () => {
    await sim.order(pizzaOrder(7));
    await sim.order(pizzaOrder('7'));
    await sim.control('PUT', '/fault', { kind: 'fail' });
    await sim.order(pizzaOrder(7));
    await sim.order(pizzaOrder('eight'));
    await sim.call('POST', '/api/order', pizzaOrder('nine'), {});

    expect((await sim.control('GET', '/orders/7')).json).toEqual({
      orderId: '7',
      requests: 3,
      baked: 2,
      firstRequestedAt: expect.any(Number),
      lastRequestedAt: expect.any(Number),
      firstBakedAt: expect.any(Number),
      lastBakedAt: expect.any(Number),
    });
    expect((await sim.control('GET', '/orders')).json).toMatchObject({
      total: { orders: 3, requests: 5, baked: 2, ordersBakedMoreThanOnce: 1, forgotten: 0 },
      orders: [
        { orderId: '7', requests: 3, baked: 2 },
        { orderId: 'eight', requests: 1, baked: 0 },
        { orderId: 'nine', requests: 1, baked: 0 },
      ],
    });
  });

  test('knows zero of an order it never saw', async () => {
    expect((await sim.control('GET', '/orders/ghost')).json).toEqual({
      orderId: 'ghost',
      requests: 0,
      baked: 0,
    });
  });

  test('gives its orders by the page', async () => {
    for (const id of [1, 2, 3]) await sim.order(pizzaOrder(id));
    const { json } = await sim.control('GET', '/orders?offset=1&limit=1');
    expect(json).toMatchObject({ total: { orders: 3 }, orders: [{ orderId: '2' }] });
    expect((json['orders'] as unknown[]).length).toBe(1);
  });

  test('logs every call with its answer and the fault it met', async () => {
    await sim.order(pizzaOrder(1));
    await sim.control('PUT', '/fault', { kind: 'html502' });
    await sim.order(pizzaOrder(2));
    await sim.order('{');
    await sim.call('POST', '/api/order', pizzaOrder(3), {});
    const at = expect.any(Number);
    expect((await sim.control('GET', '/requests')).json).toEqual({
      total: 4,
      kept: 4,
      requests: [
        { n: 1, at, orderId: '1', status: 200 },
        { n: 2, at, orderId: '2', status: 502, fault: 'html502' },
        { n: 3, at, status: 500 },
        { n: 4, at, orderId: '3', status: 401 },
      ],
    });
    expect((await sim.control('GET', '/requests?after=2&limit=1')).json).toMatchObject({
      total: 4,
      requests: [{ n: 3 }],
    });
  });

  test('refuses a page that is no number', async () => {
    const reply = await sim.control('GET', '/requests?after=yesterday');
    expect([reply.status, reply.json['message']]).toEqual([400, expect.stringContaining('after')]);
  });

  test('holds nothing of the diner', async () => {
    await sim.order(pizzaOrder(1));
    const told = [await sim.control('GET', '/orders'), await sim.control('GET', '/requests')];
    for (const { text } of told) expect(text).not.toMatch(/d@jwt\.com|pizza diner/);
  });

  test('starts again from nothing after a reset', async () => {
    await sim.order(pizzaOrder(1));
    const none = { orders: 0, requests: 0, baked: 0, ordersBakedMoreThanOnce: 0, forgotten: 0 };
    expect((await sim.control('DELETE', '/orders')).json).toEqual({ total: none });
    expect((await sim.control('GET', '/orders')).json).toEqual({ total: none, orders: [] });
    expect((await sim.control('GET', '/requests')).json).toEqual({ total: 0, kept: 0, requests: [] });
  });
});

test('the control API is healthy while the factory is down', async () => {
  await sim.control('PUT', '/fault', { kind: 'down' });
  expect((await sim.control('GET', '/healthz')).status).toBe(200);
  expect((await sim.control('GET', '/readyz')).status).toBe(200);
});
