import { createLocalJWKSet, compactVerify, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pizzaOrder, startSim, type SimUnderTest } from '../sim-under-test.ts';

let sim: SimUnderTest;
beforeAll(async () => {
  sim = await startSim();
});
afterAll(() => sim[Symbol.asyncDispose]());

async function verifiedPayload(jwt: unknown): Promise<unknown> {
  const { json } = await sim.call('GET', '/.well-known/jwks.json');
  const verified = await compactVerify(String(jwt), createLocalJWKSet(json as unknown as JSONWebKeySet));
  return JSON.parse(new TextDecoder().decode(verified.payload));
}

describe('POST /api/order', () => {
  test.each([1, 20])('bakes %i items into a receipt that the published keys verify', async (items) => {
    const reply = await sim.order(pizzaOrder(20, items));
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.json)).toEqual(['jwt']);
    await expect(verifiedPayload(reply.json['jwt'])).resolves.toEqual({
      vendor: { id: 'vendor-1', name: 'Vendor 1 of factory' },
      ...pizzaOrder(20, items),
    });
  });

  test('passes unknown fields, and ids of any type, through into the receipt', async () => {
    const { diner, order } = pizzaOrder('a-b');
    const sent = { diner: { ...diner, shoe: 44 }, order: { ...order, storeId: 7, note: { no: 'onions' } } };
    const reply = await sim.order({ ...sent, extra: 1 });
    await expect(verifiedPayload(reply.json['jwt'])).resolves.toEqual({ vendor: expect.anything(), ...sent });
  });

  test('writes iat, exp and iss into the header, as the real factory does', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { json } = await sim.order(pizzaOrder(21));
    const header = decodeProtectedHeader(String(json['jwt'])) as Record<string, unknown>;
    expect(Object.keys(header)).toEqual(['iat', 'exp', 'iss', 'alg', 'kid']);
    expect(header).toMatchObject({ iss: 'cs329.click', alg: 'RS256', exp: Number(header['iat']) + 86_400 });
    expect(header['iat']).toBeGreaterThanOrEqual(before);
  });

  test('keeps no orders: the same one twice is baked twice', async () => {
    expect((await sim.order(pizzaOrder(22))).status).toBe(200);
    expect((await sim.order(pizzaOrder(22))).status).toBe(200);
  });

  test.each([
    ['diner', { order: pizzaOrder(1).order }],
    ['order', { diner: pizzaOrder(1).diner }],
    ['anything', {}],
  ])('answers 400 without %s', async (_what, body) => {
    const reply = await sim.order(body);
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual({ message: 'Missing required parameters' });
  });

  test('takes a body that is not declared as JSON for an empty one', async () => {
    const reply = await sim.call('POST', '/api/order', JSON.stringify(pizzaOrder(1)), {
      authorization: 'Bearer test-vendor-key',
      'content-type': 'text/plain',
    });
    expect(reply.status).toBe(400);
  });

  test.each([
    ['no api key', {}],
    ['an unknown api key', { authorization: 'Bearer nobody' }],
    ['an empty api key', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic test-vendor-key' }],
  ])('answers 401 to %s, before it looks at the order', async (_what, headers: Record<string, string>) => {
    for (const body of [pizzaOrder(1), {}]) {
      const reply = await sim.call('POST', '/api/order', body, headers);
      expect(reply.status).toBe(401);
      expect(reply.json).toEqual({ message: 'invalid authentication' });
    }
  });

  test('tells the vendors apart by their api keys', async () => {
    const reply = await sim.call('POST', '/api/order', pizzaOrder(1), {
      authorization: 'Bearer second-vendor-key',
    });
    await expect(verifiedPayload(reply.json['jwt'])).resolves.toMatchObject({ vendor: { id: 'vendor-2' } });
  });

  test.each([undefined, null])('dresses items: %s up as a 500', async (items) => {
    const { diner, order } = pizzaOrder(1);
    const reply = await sim.order({ diner, order: { ...order, items } });
    expect(reply.status).toBe(500);
    expect(reply.json).toEqual({ message: expect.stringContaining('length') });
  });

  test.each(['{"diner":', '"text"', '7'])('dresses the malformed body %s up as a 500', async (body) => {
    const reply = await sim.order(body);
    expect(reply.status).toBe(500);
    expect(reply.json).toEqual({ message: expect.any(String) });
  });

  test('reads the JSON before the api key: malformed is a 500 without one, too', async () => {
    const reply = await sim.call('POST', '/api/order', '{', {});
    expect(reply.status).toBe(500);
  });

  test('dresses a body of more than 100 KiB up as a 500', async () => {
    const reply = await sim.order({ ...pizzaOrder(1), padding: 'x'.repeat(101 * 1024) });
    expect(reply.status).toBe(500);
  });

  test.each([0, 21])('has a full oven for %i items, and says so late', async (items) => {
    const before = performance.now();
    const reply = await sim.order(pizzaOrder(1, items));
    expect(reply.status).toBe(503);
    expect(reply.json).toEqual({ message: 'Unable to satisfy pizza order. The oven is full.' });
    expect(performance.now() - before).toBeGreaterThanOrEqual(79);
  });

  test('takes LATENCY_MS when it is healthy', async () => {
    await using leisurely = await startSim({ LATENCY_MS: '60' });
    const before = performance.now();
    expect((await leisurely.order(pizzaOrder(1))).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(59);
  });

  test('bakes with RSA 4096 unless told otherwise', async () => {
    await using big = await startSim({ KEY_BITS: '' });
    const { json } = await big.order(pizzaOrder(20));
    const signature = String(json['jwt']).split('.')[2]!;
    expect(Buffer.from(signature, 'base64url').length).toBe(512);
    expect(String(json['jwt']).length).toBeGreaterThan(1_000);
  });
});

describe('POST /api/order/verify', () => {
  test('says valid, and what the receipt holds, without an api key', async () => {
    const { json } = await sim.order(pizzaOrder(30));
    const reply = await sim.call('POST', '/api/order/verify', { jwt: json['jwt'] }, {});
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      message: 'valid',
      payload: { vendor: { id: 'vendor-1', name: 'Vendor 1 of factory' }, ...pizzaOrder(30) },
    });
  });

  test('calls the receipt of another factory invalid', async () => {
    await using other = await startSim();
    const { json } = await other.order(pizzaOrder(31));
    const reply = await sim.call('POST', '/api/order/verify', { jwt: json['jwt'] }, {});
    expect(reply.status).toBe(403);
    expect(reply.json).toEqual({ message: 'invalid' });
  });

  test.each([{ jwt: 'nonsense' }, { jwt: 7 }, {}])('calls %j invalid', async (body) => {
    const reply = await sim.call('POST', '/api/order/verify', body, {});
    expect(reply.status).toBe(403);
    expect(reply.json).toEqual({ message: 'invalid' });
  });
});

describe('the other paths', () => {
  test('the published keys have no alg and no use, and nothing private', async () => {
    const { json } = await sim.call('GET', '/.well-known/jwks.json', undefined, {});
    expect(json).toEqual({
      keys: [{ kty: 'RSA', kid: expect.any(String), e: 'AQAB', n: expect.any(String) }],
    });
  });

  test('health and docs are there', async () => {
    const health = await sim.call('GET', '/health', undefined, {});
    expect([health.status, health.json]).toEqual([200, { status: 'ok' }]);
    const docs = await sim.call('GET', '/api/docs', undefined, {});
    expect([docs.status, Array.isArray(docs.json['endpoints'])]).toEqual([200, true]);
  });

  test.each([
    ['GET', '/'],
    ['GET', '/api/order'],
    ['PUT', '/fault'],
    ['GET', '/orders'],
  ])('%s %s is an unknown endpoint', async (method, path) => {
    const reply = await sim.call(method, path);
    expect(reply.status).toBe(404);
    expect(reply.json).toEqual({ message: 'unknown endpoint' });
  });

  test('CORS echoes the origin and allows credentials, on errors too', async () => {
    const origin = 'http://shop.test';
    for (const path of ['/api/docs', '/nowhere']) {
      const { headers } = await sim.call('GET', path, undefined, { origin });
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
    }
  });

  test('a browser may ask first whether it may verify', async () => {
    const reply = await sim.call('OPTIONS', '/api/order/verify', undefined, {
      origin: 'http://shop.test',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    });
    expect(reply.status).toBe(204);
    expect(reply.headers.get('access-control-allow-headers')).toContain('content-type');
  });
});
