import { createHash } from 'node:crypto';
import { newAdminToken } from '@proofbox/local';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { AdminAnswer } from '../support/admin-client.ts';
import { openDeadLetters, type DeadLetters } from '../support/dead-letters.ts';
import { openShop, type Shop } from '../support/shop.ts';

const keyTag = `test-admin-sign-in-${crypto.randomUUID()}`;

let shop: Shop;
let dead: DeadLetters;
beforeAll(async () => {
  // Behind a proxy that tells where a request came from: each test comes from an address of its own.
  shop = await openShop({ keyTag, workers: 0, env: { admin: { TRUST_PROXY: '127.0.0.1' } } });
  dead = openDeadLetters({ redisUrl: inject('redisUrl'), keyTag });
});
afterAll(async () => {
  await dead?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
});

let addresses = 0;
function someAddress(): string {
  addresses += 1;
  return `203.0.113.${addresses}`;
}

function whoAmI(token: string, from = someAddress()): Promise<AdminAnswer> {
  return shop.admin.bearer(token).request('GET', '/api/session', { headers: { 'x-forwarded-for': from } });
}

function signIn(token: unknown, headers: Record<string, string> = {}): Promise<AdminAnswer> {
  const all = { 'x-forwarded-for': someAddress(), ...headers };
  return shop.admin.as('nobody').request('POST', '/api/session', { body: { token }, headers: all });
}

async function signed(
  claims: JWTPayload,
  { secret = shop.stack.authSecret, alg = 'HS256' }: { secret?: string; alg?: string } = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

const anAdmin = { id: 1, name: 'Ada', email: 'ada@jwt.com', roles: [{ role: 'diner' }, { role: 'admin' }] };
const soon = () => Math.floor(Date.now() / 1_000) + 600;

describe('a token', () => {
  test('of ADMIN_TOKENS lets in whose it is', async () => {
    const { adminTokens } = shop.stack;
    for (const role of ['viewer', 'operator', 'admin'] as const)
      expect(await whoAmI(adminTokens[role]!)).toMatchObject({ status: 200, body: { name: role, role } });
  });

  test.each<[string, JWTPayload, string]>([
    ['without an end', anAdmin, 'Ada (shop admin 1)'],
    ['with an end to come', { ...anAdmin, exp: soon() }, 'Ada (shop admin 1)'],
    ['whose name is an e-mail', { ...anAdmin, name: 'ada@jwt.com' }, 'shop admin 1'],
    ['without a name', { ...anAdmin, name: undefined }, 'shop admin 1'],
  ])("of the shop's admin %s lets in an admin", async (_what, claims, name) => {
    expect(await whoAmI(await signed(claims))).toMatchObject({ status: 200, body: { name, role: 'admin' } });
  });

  test.each<[string, () => string | Promise<string>]>([
    ['of nobody', newAdminToken],
    [
      'that is the hash of one',
      () => createHash('sha256').update(shop.stack.adminTokens.admin!).digest('hex'),
    ],
    ['with a letter less', () => shop.stack.adminTokens.admin!.slice(0, -1)],
    ['of a diner', () => signed({ ...anAdmin, roles: [{ role: 'diner' }] })],
    ['with roles that are no list', () => signed({ ...anAdmin, roles: 'admin' })],
    ['that has ended', () => signed({ ...anAdmin, exp: soon() - 1_200 })],
    ['that is not good yet', () => signed({ ...anAdmin, nbf: soon() })],
    ['signed by somebody else', () => signed(anAdmin, { secret: 'another secret of the same length' })],
    ['signed with another algorithm', () => signed(anAdmin, { alg: 'HS512' })],
    ['that is not signed', () => new UnsecuredJWT(anAdmin).encode()],
    ['without an id', () => signed({ ...anAdmin, id: undefined })],
    ['that opens something else: a vendor key', () => shop.stack.vendorApiKey],
  ])('%s lets nobody in, as bearer or to sign in', async (_what, make) => {
    const token = await make();
    for (const answer of [await whoAmI(token), await signIn(token)]) {
      expect(answer).toMatchObject({
        status: 401,
        body: { message: expect.stringMatching(/not valid here/) },
      });
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.text).not.toContain(token);
    }
  });

  test('is in no line of the log, whether or not it lets in', async () => {
    const wrong = newAdminToken();
    await whoAmI(wrong);
    await signIn(wrong);
    const log = shop.stack.process('admin').logs();
    expect(log).toContain('bad_token');
    for (const token of [wrong, ...Object.values(shop.stack.adminTokens)]) expect(log).not.toContain(token);
  });
});

describe('a browser that signs in', () => {
  test('gets a cookie that no script can read and no other site can send, and is told until when', async () => {
    const answer = await signIn(shop.stack.adminTokens.operator);
    expect(answer).toMatchObject({ status: 200, body: { name: 'operator', role: 'operator' } });
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(
      /^proofbox_session=[\w-]{43}; Max-Age=43\d{3}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const { expiresAt } = answer.body as { expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
  });

  test.each([
    ['the page was loaded over https', { origin: 'https://admin.example', host: 'admin.example' }],
    ['the proxy says so', { 'x-forwarded-proto': 'https' }],
  ])('gets one that travels over https only where %s', async (_what, headers) => {
    const answer = await signIn(shop.stack.adminTokens.viewer, {
      ...headers,
      'sec-fetch-site': 'same-origin',
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-proofbox_session=.*; Secure/);
  });

  test('is who it is until it signs out; both stand in the audit log', async () => {
    const browser = await shop.admin.signIn('operator');
    expect(await browser.get('/api/session')).toMatchObject({ status: 200, body: { name: 'operator' } });
    const out = await browser.request('DELETE', '/api/session');
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie().join('\n')).toMatch(/proofbox_session=; .*Expires=Thu, 01 Jan 1970/);
    expect(await browser.get('/api/session')).toMatchObject({
      status: 401,
      body: { message: expect.stringMatching(/ended/) },
    });
    expect(await browser.request('DELETE', '/api/session')).toMatchObject({ status: 204 });
    const { body } = await shop.admin.as('viewer').get('/api/audit?subject=session&by=operator&limit=2');
    expect(body).toMatchObject({ entries: [{ action: 'sign_out' }, { action: 'sign_in' }] });
  });

  test("is signed in no longer than the shop's token it showed is good for", async () => {
    const answer = await signIn(await signed({ ...anAdmin, exp: soon() }));
    const { expiresAt } = answer.body as { expiresAt: string };
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(soon() * 1_000);
  });

  test.each(['x'.repeat(43), 'x', '', '../../..', '%00'])('and shows the cookie %j is nobody', async (id) => {
    const answer = await shop.admin
      .as('nobody')
      .request('GET', '/api/session', { headers: { cookie: `proofbox_session=${id}` } });
    expect(answer.status).toBe(401);
  });

  test('what stands in Redis of a session opens nothing', async () => {
    const browser = await shop.admin.signIn('admin');
    const id = browser.cookie.split('=')[1]!;
    const { redis, names } = dead;
    const keys = await redis.keys(names.adminSession('*'));
    expect(keys.length).toBeGreaterThan(0);
    const stored = JSON.stringify([keys, await redis.mget(keys)]);
    for (const secret of [id, ...Object.values(shop.stack.adminTokens)]) expect(stored).not.toContain(secret);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });
});

describe('a page of another site', () => {
  const json = { 'content-type': 'application/json' };

  test.each<[string, (own: string) => Record<string, string>, number]>([
    ['the browser names the site', () => ({ ...json, 'sec-fetch-site': 'cross-site' }), 403],
    ['it is of a neighbour', () => ({ ...json, 'sec-fetch-site': 'same-site' }), 403],
    ['it is of another origin', () => ({ ...json, origin: 'http://evil.example' }), 403],
    ['it is of another port', () => ({ ...json, origin: 'http://127.0.0.1:1' }), 403],
    ['its origin is opaque', () => ({ ...json, origin: 'null' }), 403],
    ['nothing says where it is from', () => json, 403],
    [
      'the origin is ours, but the site is not',
      (own) => ({ ...json, origin: own, 'sec-fetch-site': 'cross-site' }),
      403,
    ],
    ['it sends a form', (own) => ({ origin: own, 'content-type': 'application/x-www-form-urlencoded' }), 415],
    ['it sends plain text', (own) => ({ origin: own, 'content-type': 'text/plain' }), 415],
    ['it sends no type', (own) => ({ origin: own, 'content-type': '' }), 415],
  ])('changes nothing with the cookie of whoever looks at it: %s', async (_what, headers, status) => {
    const { cookie } = await shop.admin.signIn('operator');
    const id = await dead.add();
    for (const [method, path, body] of [
      ['POST', `/api/orders/${id}/discard`, '{"why":"x"}'],
      ['POST', '/api/queue', '{"isPaused":true,"why":"x"}'],
    ] as const) {
      const answer = await shop.admin
        .as('nobody')
        .request(method, path, { body, headers: { ...headers(shop.admin.url), cookie } });
      expect(answer.status).toBe(status);
    }
    expect(await dead.read(id)).toMatchObject({ state: 'dead' });
    expect(await shop.admin.as('viewer').get('/api/queue')).toMatchObject({ body: { isPaused: false } });
  });

  test('cannot change anything without JSON either, where there is nothing to say; a bearer may', async () => {
    const task = { action: 'replay', target: { ids: ['pb-nobody'] }, rate: 1, why: 'a test' };
    const { body } = await shop.admin.as('operator').post('/api/bulk', task);
    const path = `/api/bulk/${(body as { id: string }).id}/abort`;
    const browser = await shop.admin.signIn('operator');
    expect((await browser.request('POST', path)).status).toBe(415);
    expect([200, 409]).toContain((await browser.post(path)).status);
    expect([200, 409]).toContain((await shop.admin.as('operator').request('POST', path)).status);
  });

  test('can neither sign a browser in nor out', async () => {
    const browser = await shop.admin.signIn('operator');
    const headers = { 'sec-fetch-site': 'cross-site', cookie: browser.cookie };
    expect((await signIn(shop.stack.adminTokens.viewer, headers)).status).toBe(403);
    expect((await shop.admin.as('nobody').request('DELETE', '/api/session', { headers })).status).toBe(403);
    expect(await browser.get('/api/session')).toMatchObject({ status: 200 });
  });

  /** @guarantee G6 */
  test('is let read nothing: there is no CORS', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await shop.admin.as('viewer').request(method, '/api/overview', {
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('is no matter to a bearer, which no browser sends by itself', async () => {
    const id = await dead.add();
    const answer = await shop.admin.as('operator').request('POST', `/api/orders/${id}/discard`, {
      body: { why: 'x' },
      headers: { 'sec-fetch-site': 'cross-site', origin: 'http://elsewhere.example' },
    });
    expect(answer).toMatchObject({ status: 200, body: { result: 'discarded' } });
  });
});

describe('guessing', () => {
  test.each<[string, (token: string, from: string) => Promise<AdminAnswer>]>([
    ['bearers', whoAmI],
    ['tokens to sign in with', (token, from) => signIn(token, { 'x-forwarded-for': from })],
  ])(
    '%s from one address ends after ten, also for a right one, and nobody else is kept out',
    async (_what, ask) => {
      const from = someAddress();
      const guesses = await Promise.all(Array.from({ length: 15 }, () => ask(newAdminToken(), from)));
      expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10);
      expect(guesses.filter(({ status }) => status === 429)).toHaveLength(5);
      const right = shop.stack.adminTokens.admin!;
      const locked = await ask(right, from);
      expect(locked).toMatchObject({ status: 429, body: { message: expect.stringMatching(/^Too many/) } });
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await ask(right, someAddress())).status).toBe(200);
    },
  );

  test('does not end a session that is open at that address', async () => {
    const { cookie } = await shop.admin.signIn('viewer');
    const from = someAddress();
    await Promise.all(Array.from({ length: 12 }, () => whoAmI(newAdminToken(), from)));
    const headers = { cookie, 'x-forwarded-for': from };
    expect((await shop.admin.as('nobody').request('GET', '/api/session', { headers })).status).toBe(200);
  });

  test('is counted by the address of the connection, unless a proxy is trusted', async () => {
    await using other = await openShop({ workers: 0, ingests: 0 });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const guess = () =>
      other.admin.bearer(newAdminToken()).request('GET', '/api/session', from(someAddress()));
    const statuses = (await Promise.all(Array.from({ length: 12 }, guess))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });
});

/** @guarantee G6 */
test('a token that is taken from ADMIN_TOKENS ends its sessions, and no others', async () => {
  const tokens = { viewer: newAdminToken(), operator: newAdminToken(), admin: newAdminToken() };
  const shared = { keyTag: `test-${crypto.randomUUID()}`, workers: 0, ingests: 0 };
  const cookies: string[] = [];
  {
    await using before = await openShop({ ...shared, adminTokens: tokens });
    for (const role of ['operator', 'viewer'] as const)
      cookies.push((await before.admin.signIn(role)).cookie);
  }
  const { operator: _gone, ...left } = tokens;
  await using after = await openShop({ ...shared, adminTokens: left });
  const statuses = await Promise.all(
    cookies.map(
      async (cookie) =>
        (await after.admin.as('nobody').request('GET', '/api/session', { headers: { cookie } })).status,
    ),
  );
  expect(statuses).toEqual([401, 200]);
});

test('with no token at all nobody is let in, and everybody is told how to make one', async () => {
  await using lone = await openShop({
    workers: 0,
    ingests: 0,
    adminTokens: {},
    env: { admin: { AUTH_JWT_SECRET: '' } },
  });
  const nobody = lone.admin.as('nobody');
  const told = { status: 401, body: { message: expect.stringMatching(/`proofbox token new`/) } };
  expect(await nobody.get('/api/orders')).toMatchObject(told);
  expect(await nobody.post('/api/session', { token: newAdminToken() })).toMatchObject(told);
  expect(await lone.admin.bearer(newAdminToken()).get('/api/audit')).toMatchObject(told);
  expect(await nobody.get('/readyz')).toMatchObject({
    status: 200,
    body: { notes: [expect.stringMatching(/proofbox token new/)] },
  });
  expect(lone.stack.process('admin').logs()).toMatch(/proofbox token new/);
});

test('a secret too short for admins, and a token too short to be one, open no console', async () => {
  const secret = 'of-thirty-one-characters-or-so!';
  await using lone = await openShop({
    workers: 0,
    ingests: 0,
    adminTokens: { viewer: newAdminToken(), admin: 'fifteen-letters' },
    env: { admin: { AUTH_JWT_SECRET: secret } },
  });
  for (const token of [await signed(anAdmin, { secret }), lone.stack.adminTokens.admin!])
    expect(await lone.admin.bearer(token).get('/api/session')).toMatchObject({ status: 401 });
  expect(await lone.admin.as('viewer').get('/api/session')).toMatchObject({ status: 200 });
  expect(await lone.admin.as('nobody').get('/readyz')).toMatchObject({
    status: 200,
    body: { notes: [expect.stringMatching(/fewer than 32 characters/)] },
  });
});
