import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { apiKey, pizzaOrder, startSim, type SimUnderTest } from '../sim-under-test.ts';

let sim: SimUnderTest;
beforeAll(async () => {
  sim = await startSim();
});
afterEach(async () => {
  await sim.control('DELETE', '/fault');
  await sim.control('DELETE', '/orders');
});
afterAll(() => sim[Symbol.asyncDispose]());

async function setFault(fault: object): Promise<void> {
  const reply = await sim.control('PUT', '/fault', fault);
  expect(reply.status).toBe(200);
}

async function statusesOf(count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let id = 1; id <= count; id += 1) statuses.push((await sim.order(pizzaOrder(id))).status);
  return statuses;
}

async function bakedOf(orderId: number, of = sim): Promise<unknown> {
  return (await of.control('GET', `/orders/${orderId}`)).json['baked'];
}

async function firstRequest(of = sim): Promise<unknown> {
  return ((await of.control('GET', '/requests')).json['requests'] as unknown[])[0];
}

async function failureOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason as Error,
  );
  return (error.cause as { code?: string } | undefined)?.code ?? error.message;
}

async function payloadOf(jwt: unknown): Promise<unknown> {
  return (await sim.call('POST', '/api/order/verify', { jwt }, {})).json['payload'];
}

function disposableAgent(): Disposable & { agent: Agent } {
  const agent = new Agent({ keepAlive: true });
  return { agent, [Symbol.dispose]: () => agent.destroy() };
}

async function statusOf(jwt: unknown): Promise<number> {
  return (await sim.call('POST', '/api/order/verify', { jwt }, {})).status;
}

describe('chaos of the real factory', () => {
  test('fail answers 500 at once, with a link that ends the chaos', async () => {
    await setFault({ kind: 'fail' });
    const reply = await sim.order(pizzaOrder(1));
    expect(reply.status).toBe(500);
    expect(reply.json).toEqual({ message: 'chaos monkey', reportUrl: expect.any(String) });
    expect(reply.json['reportUrl']).toMatch(
      new RegExp(`^${sim.url}/api/support/${apiKey}/report/[0-9a-f]{32}$`),
    );
    expect(await bakedOf(1)).toBe(0);

    const report = await fetch(String(reply.json['reportUrl']));
    expect([report.status, await report.json()]).toEqual([
      200,
      { message: 'Problem resolved. Pizza is back on the menu!' },
    ]);
    expect(await statusesOf(1)).toEqual([200]);
  });

  test('a link with a wrong code, or of nobody, ends nothing', async () => {
    await setFault({ kind: 'fail' });
    const wrongCode = await sim.call('GET', `/api/support/${apiKey}/report/0`);
    expect([wrongCode.status, wrongCode.json]).toEqual([400, { message: 'Problem unresolved' }]);
    const { json } = await sim.order(pizzaOrder(1));
    const nobody = String(json['reportUrl']).replace(apiKey, 'nobody');
    expect(await (await fetch(nobody)).json()).toEqual({ message: 'No chaos currently executing' });
    expect(await statusesOf(1)).toEqual([500]);
  });

  test('a link does not end a fault that is no chaos', async () => {
    await setFault({ kind: 'html502' });
    const reply = await sim.call('GET', `/api/support/${apiKey}/report/0`);
    expect(reply.json).toEqual({ message: 'No chaos currently executing' });
    expect(await statusesOf(1)).toEqual([502]);
  });

  test('throttle bakes, but late, and with the link', async () => {
    await setFault({ kind: 'throttle' });
    const before = performance.now();
    const reply = await sim.order(pizzaOrder(1));
    expect(performance.now() - before).toBeGreaterThanOrEqual(79);
    expect([reply.status, Object.keys(reply.json)]).toEqual([200, ['jwt', 'reportUrl']]);
    expect(await statusOf(reply.json['jwt'])).toBe(200);
    expect(await bakedOf(1)).toBe(1);
  });

  test('a throttled pizza is baked although nobody waits for it any more', async () => {
    // Long enough to see that the caller has gone, also on a busy machine.
    await using slow = await startSim({ OVEN_FULL_MS: '2000' });
    await slow.control('PUT', '/fault', { kind: 'throttle' });
    const gone = new AbortController();
    const call = fetch(`${slow.url}/api/order`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(pizzaOrder(1)),
      signal: gone.signal,
    });
    await vi.waitFor(
      async () => expect(await firstRequest(slow)).toMatchObject({ fault: 'throttle' }),
      30_000,
    );
    gone.abort();
    await expect(call).rejects.toThrow('aborted');
    await vi.waitFor(async () => expect(await bakedOf(1, slow)).toBe(1), 30_000);
    expect(await firstRequest(slow)).toMatchObject({ orderId: '1', status: 'none' });
  });

  test('badjwt is a 200 whose receipt looks right and does not verify', async () => {
    await setFault({ kind: 'badjwt' });
    const reply = await sim.order(pizzaOrder(1));
    expect([reply.status, Object.keys(reply.json)]).toEqual([200, ['jwt', 'reportUrl']]);
    const jwks = (await sim.call('GET', '/.well-known/jwks.json')).json['keys'] as { kid: string }[];
    expect(decodeProtectedHeader(String(reply.json['jwt']))).toMatchObject({
      alg: 'RS256',
      kid: jwks[0]!.kid,
      iss: 'cs329.click',
    });
    expect(await statusOf(reply.json['jwt'])).toBe(403);
    expect(await bakedOf(1)).toBe(0);
  });

  test('chaos leaves all other paths alone', async () => {
    const { json } = await sim.order(pizzaOrder(1));
    for (const kind of ['fail', 'throttle', 'badjwt', 'hang', 'html502', '401']) {
      await setFault({ kind });
      expect((await sim.call('GET', '/api/docs')).status).toBe(200);
      expect((await sim.call('GET', '/health')).status).toBe(200);
      expect(await statusOf(json['jwt'])).toBe(200);
    }
  });

  test('a bad api key is a 401 whatever the fault is', async () => {
    await setFault({ kind: 'fail', times: 1 });
    expect((await sim.call('POST', '/api/order', pizzaOrder(1), {})).status).toBe(401);
    expect(await statusesOf(2)).toEqual([500, 200]);
  });
});

describe('faults of the network', () => {
  test('down refuses connections until it is mended, then listens where it did', async () => {
    expect(await statusesOf(1)).toEqual([200]);
    await setFault({ kind: 'down', percent: 1 });
    expect(await failureOf(sim.order(pizzaOrder(1)))).toBe('ECONNREFUSED');
    expect(await failureOf(sim.call('GET', '/health'))).toBe('ECONNREFUSED');
    await sim.control('DELETE', '/fault');
    expect(await statusesOf(1)).toEqual([200]);
  });

  test('down breaks the connections that are open', async () => {
    await setFault({ kind: 'hang' });
    const hanging = failureOf(sim.order(pizzaOrder(1)));
    await vi.waitFor(async () => expect(await firstRequest()).toMatchObject({ fault: 'hang' }), 30_000);
    await setFault({ kind: 'down' });
    expect(['UND_ERR_SOCKET', 'ECONNRESET']).toContain(await hanging);
  });

  test('another fault ends down', async () => {
    await setFault({ kind: 'down' });
    await setFault({ kind: 'html502' });
    expect(await statusesOf(1)).toEqual([502]);
  });

  test('hang reads the order and never answers, while others are served once it is mended', async () => {
    await setFault({ kind: 'hang', times: 1 });
    const gone = new AbortController();
    let settled = false;
    const hanging = fetch(`${sim.url}/api/order`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(pizzaOrder(1)),
      signal: gone.signal,
    }).finally(() => (settled = true));
    await vi.waitFor(
      async () => expect(await firstRequest()).toMatchObject({ orderId: '1', fault: 'hang', status: 'none' }),
      30_000,
    );
    expect((await sim.order(pizzaOrder(2))).status).toBe(200);
    expect(settled).toBe(false);
    expect(await bakedOf(1)).toBe(0);
    gone.abort();
    await expect(hanging).rejects.toThrow('aborted');
  });

  test('a stop does not wait for orders that hang or are throttled', async () => {
    const doomed = await startSim({ OVEN_FULL_MS: '3600000' });
    await doomed.control('PUT', '/fault', { kind: 'hang', times: 1 });
    const hanging = failureOf(doomed.order(pizzaOrder(1)));
    await vi.waitFor(
      async () => expect((await doomed.control('GET', '/fault')).json).toEqual({ fault: null }),
      30_000,
    );
    const throttled = failureOf(doomed.order(pizzaOrder(1, 0)));
    await vi.waitFor(
      async () => expect((await doomed.control('GET', '/requests')).json).toMatchObject({ total: 2 }),
      30_000,
    );
    // It would take an hour.
    await doomed[Symbol.asyncDispose]();
    await expect(hanging).resolves.not.toBe('it was answered');
    await expect(throttled).resolves.not.toBe('it was answered');
  });

  test('a factory that is down can be stopped', async () => {
    const closed = await startSim();
    await closed.control('PUT', '/fault', { kind: 'down' });
    await expect(closed[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  test('reset reads the order, then resets the connection', async () => {
    await setFault({ kind: 'reset' });
    expect(await failureOf(sim.order(pizzaOrder(1)))).toBe('ECONNRESET');
    expect(await firstRequest()).toMatchObject({ orderId: '1', fault: 'reset', status: 'none' });
    expect(await bakedOf(1)).toBe(0);
  });

  test('slow bakes after ms', async () => {
    await setFault({ kind: 'slow', ms: 70 });
    const before = performance.now();
    expect(await statusesOf(1)).toEqual([200]);
    expect(performance.now() - before).toBeGreaterThanOrEqual(69);
    expect(await bakedOf(1)).toBe(1);
  });
});

describe('faults of an answer', () => {
  test('html502 is a page, not JSON', async () => {
    await setFault({ kind: 'html502' });
    const reply = await sim.order(pizzaOrder(1));
    expect(reply.status).toBe(502);
    expect(reply.headers.get('content-type')).toContain('text/html');
    expect(reply.text).toContain('<html>');
  });

  test('hostileText is JSON whose message has half an emoji, also where it is cut at its 300th character', async () => {
    await setFault({ kind: 'hostileText' });
    const reply = await sim.order(pizzaOrder(1));
    const message = reply.json['message'] as string;
    expect(reply.status).toBe(500);
    expect(message.slice(0, 2)).toBe('\ud83cn');
    expect(message.slice(298, 302)).toMatch(/^.🍕.$/u);
    expect(message.slice(1, 300).isWellFormed()).toBe(false);
  });

  test('429 says for how long', async () => {
    await setFault({ kind: '429', retryAfterSeconds: 17 });
    const reply = await sim.order(pizzaOrder(1));
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '17']);
  });

  test.each([
    ['400', 'The order is bad'],
    ['401', 'invalid authentication'],
    ['403', 'may not order'],
    ['404', 'unknown endpoint'],
  ])('%s says so, bakes nothing, and ends when it is mended', async (kind, words) => {
    await setFault({ kind });
    const reply = await sim.order(pizzaOrder(1));
    expect(reply.status).toBe(Number(kind));
    expect(reply.json).toEqual({ message: expect.stringContaining(words) });
    expect(await bakedOf(1)).toBe(0);
    await sim.control('DELETE', '/fault');
    expect(await statusesOf(1)).toEqual([200]);
  });

  test('lie signs a receipt for another order, which does not count as baked', async () => {
    await setFault({ kind: 'lie' });
    const reply = await sim.order(pizzaOrder(1));
    expect(reply.status).toBe(200);
    const verified = await sim.call('POST', '/api/order/verify', { jwt: reply.json['jwt'] }, {});
    expect(verified.status).toBe(200);
    const { order } = verified.json['payload'] as { order: { id: unknown } };
    expect(String(order.id)).not.toBe('1');
    expect(await bakedOf(1)).toBe(0);
  });

  test.for([
    ['items', { order: { items: [expect.anything(), expect.anything()] } }],
    ['price', { order: { id: 1, items: [{ price: 99 }] } }],
    ['diner', { diner: { id: 'somebody-else' } }],
    ['email', { diner: { id: 2, email: 'somebody@else.example' } }],
    ['empty', { diner: {}, order: { id: '1' } }],
  ] as const)(
    'altered signs a receipt for this order with other %s, and counts it',
    async ([change, told]) => {
      await setFault({ kind: 'altered', change });
      const { json } = await sim.order(pizzaOrder(1));
      expect(await payloadOf(json['jwt'])).toMatchObject(told);
      expect(await bakedOf(1)).toBe(1);
    },
  );

  test('byNumber gives the receipt of the first order of a number to the second one', async () => {
    await setFault({ kind: 'byNumber' });
    const first = await sim.order(pizzaOrder(1));
    const second = await sim.order({ ...pizzaOrder(1), diner: { id: 7 } });
    expect(second.json['jwt']).toBe(first.json['jwt']);
    expect(await bakedOf(1)).toBe(1);
  });

  test.for(['gzip', 'deflate', 'br', 'zstd'])('encoded packs its replies with %s', async (encoding) => {
    await setFault({ kind: 'encoded', encoding });
    const reply = await sim.order(pizzaOrder(1));
    expect([reply.status, reply.headers.get('content-encoding')]).toEqual([200, encoding]);
    expect(await statusOf(reply.json['jwt'])).toBe(200);
  });

  test('interim says so many interim replies first', async () => {
    await setFault({ kind: 'interim', status: 103, count: 3 });
    const reply = await sim.order(pizzaOrder(1));
    expect(await statusOf(reply.json['jwt'])).toBe(200);
    const told: number[] = [];
    const asked = request(`${sim.url}/api/order`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    });
    asked.on('information', ({ statusCode }) => told.push(statusCode)).end(JSON.stringify(pizzaOrder(2)));
    const [incoming] = (await once(asked, 'response')) as [IncomingMessage];
    incoming.resume();
    expect([incoming.statusCode, told]).toEqual([200, [103, 103, 103]]);
  });

  test('idleClose bakes as ever, and closes the connection a moment later', async () => {
    await setFault({ kind: 'idleClose', ms: 5 });
    using agent = disposableAgent();
    const asked = request(`${sim.url}/api/order`, {
      agent: agent.agent,
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    }).end(JSON.stringify(pizzaOrder(1)));
    const [incoming] = (await once(asked, 'response')) as [IncomingMessage];
    const { socket } = incoming;
    incoming.resume();
    await once(socket, 'close');
    expect(await bakedOf(1)).toBe(1);
  });

  test.for<[string, object]>([
    ['error', { status: 503 }],
    ['empty', { status: 200, json: { keys: [] } }],
    ['html', { status: 200, text: expect.stringContaining('<html>') }],
  ])('keys that are %s are told on their page only', async ([how, page]) => {
    await setFault({ kind: 'keys', how });
    expect(await statusesOf(1)).toEqual([200]);
    expect(await sim.call('GET', '/.well-known/jwks.json')).toMatchObject(page);
    expect((await sim.control('GET', '/fault')).json).toMatchObject({ fault: { how }, orders: 0 });
  });

  test('keys without end are poured out until nobody listens, or never come', async () => {
    await setFault({ kind: 'keys', how: 'endless' });
    const { body } = await fetch(`${sim.url}/.well-known/jwks.json`);
    const reader = body!.getReader();
    let bytes = 0;
    while (bytes < 1_000_000) bytes += (await reader.read()).value!.length;
    await reader.cancel();
    await setFault({ kind: 'keys', how: 'hang' });
    const signal = AbortSignal.timeout(100);
    await expect(fetch(`${sim.url}/.well-known/jwks.json`, { signal })).rejects.toThrow('timeout');
  });

  test('maxRps bakes so many orders a second and sends the others away', async () => {
    await setFault({ kind: 'maxRps', rps: 3 });
    const replies = await Promise.all([1, 2, 3, 4, 5].map((id) => sim.order(pizzaOrder(id))));
    const refused = replies.filter((reply) => reply.status === 429);
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(3);
    expect(refused.map((reply) => reply.headers.get('retry-after'))).toEqual(['1', '1']);
  });
});

describe('whom a fault meets', () => {
  test('orderMatching makes poison orders: only those fail', async () => {
    await setFault({ kind: 'fail', orderMatching: '"description":"Pineapple"' });
    const poison = pizzaOrder(1);
    poison.order['items'] = [{ menuId: 9, description: 'Pineapple', price: 1 }];
    expect((await sim.order(poison)).status).toBe(500);
    expect(await statusesOf(2)).toEqual([200, 200]);
    expect((await sim.order(poison)).status).toBe(500);
  });

  test('times meets the next so many orders only', async () => {
    await setFault({ kind: 'fail', times: 2 });
    expect(await statusesOf(1)).toEqual([500]);
    expect((await sim.control('GET', '/fault')).json).toMatchObject({ orders: 1, remaining: 1 });
    expect(await statusesOf(2)).toEqual([500, 200]);
    expect((await sim.control('GET', '/fault')).json).toEqual({ fault: null });
  });

  test('percent meets about that share, the same orders for the same seed', async () => {
    const runs: string[] = [];
    for (const seed of ['7', '7', '8']) {
      await using seeded = await startSim({ SEED: seed });
      await seeded.control('PUT', '/fault', { kind: 'fail', percent: 30 });
      const statuses: number[] = [];
      for (let id = 0; id < 100; id += 1) statuses.push((await seeded.order(pizzaOrder(id))).status);
      const failed = statuses.filter((status) => status === 500).length;
      expect(failed).toBeGreaterThan(15);
      expect(failed).toBeLessThan(45);
      runs.push(statuses.join());
    }
    expect(runs[0]).toBe(runs[1]);
    expect(runs[0]).not.toBe(runs[2]);
  });
});
