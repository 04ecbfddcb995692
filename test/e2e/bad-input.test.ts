import { connect } from 'node:net';
import { connectPatiently, createLedger, createNames, type Ledger } from '@proofbox/ledger';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.ts';
import { anOrder, type Answer } from '../support/shopper.ts';

const keyTag = `test-bad-input-${crypto.randomUUID()}`;
const json = { 'content-type': 'application/json' };
const limit = 64 * 1024;
const item = { menuId: 1, description: 'Veggie', price: 0.0038 };

let shop: Shop;
let ledger: Ledger;
let closeLedger: () => void;
beforeAll(async () => {
  shop = await openShop({ admin: false, keyTag });
  const redis = connectPatiently({ url: inject('redisUrl'), onError: rethrow });
  ledger = createLedger({ redis, names: createNames(keyTag) });
  closeLedger = () => redis.disconnect();
});
afterAll(async () => {
  closeLedger?.();
  await shop?.[Symbol.asyncDispose]();
});

function rethrow(error: Error): never {
  throw error;
}

async function accepted(): Promise<number> {
  return (await ledger.stats()).counters.accepted;
}

/** Posts a body just as it is. */
function post(body: string, headers: Record<string, string> = {}): Promise<Answer> {
  return shop.diner.request('POST', '/api/order', {
    body,
    headers: { ...json, authorization: `Bearer ${shop.diner.token}`, ...headers },
  });
}

/** Sends raw bytes and gives back all that came until the server closed, or the error that the socket ended with. */
function sendRaw(text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(shop.stack.ports.ingest, '127.0.0.1');
  let reply = '';
  socket.on('data', (chunk) => (reply += String(chunk)));
  socket.once('error', reject).once('close', () => resolve(reply));
  socket.write(text);
  return promise;
}

/** A refusal in words for a diner, that shows nothing of our insides. */
function aRefusal(status: number, message: RegExp): object {
  return {
    status,
    headers: expect.toSatisfy(
      (headers: Headers) => headers.get('content-type')?.startsWith('application/problem+json') ?? false,
      'a problem document',
    ),
    body: expect.toSatisfy((body: Answer['body']) => {
      const text = JSON.stringify(body);
      return (
        message.test(body.message) &&
        Object.is(body['status'], status) &&
        !/ {4}at |node_modules|\.ts\b|:\d+:\d+/.test(text)
      );
    }, `${status} with a message like ${message}, and no stack`),
  };
}

const priced = (price: string) => JSON.stringify(withItem({})).replace('0.0038', price);
const withItem = (changes: object) => anOrder({ items: [{ ...item, ...changes }] });
const items = (count: number) => anOrder({ items: Array.from({ length: count }, () => item) });

function nested(levels: number): object {
  let value: object = { leaf: 1 };
  for (let level = 1; level < levels; level += 1) value = { inner: value };
  return value;
}

/** An order whose JSON has exactly this many bytes. */
function orderOf(bytes: number): string {
  const empty = JSON.stringify(anOrder({ note: '' }));
  const text = empty.replace('"note":""', `"note":"${'x'.repeat(bytes - empty.length)}"`);
  expect(Buffer.byteLength(text)).toBe(bytes);
  return text;
}

async function tokenOf(secret: string): Promise<string> {
  return new SignJWT({ id: 2, name: 'pizza diner' })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
}

const wrongOrders: [string, () => string, RegExp][] = [
  ['0 items', () => JSON.stringify(items(0)), /items: expected 1 to 20 items, got none$/],
  ['21 items', () => JSON.stringify(items(21)), /items: expected 1 to 20 items, got 21$/],
  ['22 items', () => JSON.stringify(items(22)), /items: expected 1 to 20 items, got 22$/],
  ['no items', () => '{"franchiseId":1,"storeId":1}', /items: expected a list of items$/],
  ['a string price', () => JSON.stringify(withItem({ price: '0.05' })), /items\.0\.price: expected a number/],
  [
    'a negative price',
    () => JSON.stringify(withItem({ price: -1 })),
    /items\.0\.price: expected a price of 0 or more$/,
  ],
  [
    'a price of null, as NaN is in JSON',
    () => JSON.stringify(withItem({ price: Number.NaN })),
    /price: expected a number/,
  ],
  [
    'a price that is infinite once read',
    () => priced('1e999'),
    /items\.0\.price: the number 1e999 cannot be carried exactly: it would become Infinity/,
  ],
  [
    'two prices whose sum is infinite',
    () =>
      JSON.stringify(
        anOrder({
          items: [
            { ...item, price: 1.7e308 },
            { ...item, price: 1.7e308 },
          ],
        }),
      ),
    /items\.0\.price: expected a price of at most 100000000; items\.1\.price: expected a price of at most/,
  ],
  ['a price that swallows every other', () => priced('1e22'), /expected a price of at most 100000000$/],
  ['a price of 0 below zero', () => priced('-0'), /items\.0\.price: the number -0 /],
  [
    'a price whose decimals no double has',
    () => priced('0.00380000000000000000001'),
    /it would become 0\.0038/,
  ],
  [
    'a whole number beyond 2^53 in a field that we do not know',
    () => JSON.stringify(anOrder({ note: { n: 1 } })).replace('{"n":1}', '{"n":9007199254740993}'),
    /note\.n: the number 9007199254740993 cannot be carried exactly: it would become 9007199254740992/,
  ],
  [
    'a name that stands twice',
    () => `{"storeId":2,${JSON.stringify(anOrder()).slice(1)}`,
    /^The body is not valid: storeId: this name stands twice/,
  ],
  [
    'half a character',
    () => JSON.stringify(withItem({ description: '🍕 \ud800' })),
    /description: half a character/,
  ],
  ['half a character in a name', () => JSON.stringify(anOrder({ '\udc00': 1 })), /half a character/],
  [
    'NUL',
    () => JSON.stringify(anOrder({ storeId: '1\0' })),
    /^The body is not valid: storeId: the character NUL/,
  ],
  ['a price of NaN', () => JSON.stringify(withItem({})).replace('0.0038', 'NaN'), /not valid JSON/],
  [
    'a price with 9 decimals',
    () => JSON.stringify(withItem({ price: 0.123456789 })),
    /expected at most 8 decimals$/,
  ],
  [
    'a body of 40 levels',
    () => JSON.stringify(anOrder({ note: nested(40) })),
    /nested deeper than 32 levels$/,
  ],
  [
    'a body of 30 000 lists',
    () => `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    /nested deeper than 32 levels$/,
  ],
  [
    '__proto__ in its body',
    () => `{"__proto__":{"admin":true},${JSON.stringify(anOrder()).slice(1)}`,
    /__proto__/,
  ],
  [
    '__proto__ in an item',
    () => JSON.stringify(withItem({})).replace('"menuId"', '"__proto__":{},"menuId"'),
    /__proto__/,
  ],
  ['broken JSON', () => '{"items":[', /not valid JSON/],
  ['an empty body', () => '', /body is empty/],
  ['a list as its body', () => '[]', /expected an object with franchiseId, storeId and items$/],
  ['null as its body', () => 'null', /expected an object with franchiseId, storeId and items$/],
  ['a text as its body', () => '"order"', /expected an object with franchiseId, storeId and items$/],
];

/** @guarantee G9 */
describe('an order that is refused leaves nothing behind', () => {
  test.for(wrongOrders)('for %s', async ([, body, message]) => {
    const before = await accepted();
    expect(await post(body())).toMatchObject(aRefusal(400, message));
    expect(await accepted()).toBe(before);
  });

  test.for([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['XML', 'application/xml'],
    ['no type', ''],
  ] as const)('when it is sent as %s', async ([, type]) => {
    const before = await accepted();
    expect(await post(JSON.stringify(anOrder()), { 'content-type': type })).toMatchObject(
      aRefusal(415, /application\/json/),
    );
    expect(await accepted()).toBe(before);
  });

  test.for([
    ['an empty Idempotency-Key', '', /^Idempotency-Key is not valid: expected 1 to 200 printable/],
    ['an Idempotency-Key of 300 characters', 'x'.repeat(300), /^Idempotency-Key is not valid/],
    ['a blank in its Idempotency-Key', 'a b', /^Idempotency-Key is not valid/],
    ['a tab in its Idempotency-Key', 'a\tb', /^Idempotency-Key is not valid/],
    ['a letter beyond ASCII in its Idempotency-Key', 'schl\u00fcssel', /^Idempotency-Key is not valid/],
  ] as const)('for %s', async ([, key, message]) => {
    const before = await accepted();
    expect(await shop.diner.order(anOrder(), { 'idempotency-key': key })).toMatchObject(
      aRefusal(400, message),
    );
    expect(await accepted()).toBe(before);
  });

  test.for([
    ['in ISO 8859-1, said so', { 'content-type': 'application/json; charset=iso-8859-1' }, 415, /in UTF-8/],
    ['in ISO 8859-1', {}, 400, /its bytes are not UTF-8$/],
    ['in gzip', { 'content-encoding': 'gzip' }, 415, /without a Content-Encoding/],
  ] as const)('when its body is %s', async ([, headers, status, message]) => {
    const before = await accepted();
    const { origin } = new URL(shop.stack.urls.ingest);
    for (const key of [shop.diner.token, shop.stack.vendorApiKey]) {
      const reply = await fetch(`${origin}/api/order`, {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${key}`, ...headers },
        body: Buffer.from(JSON.stringify(withItem({ description: 'S\u00fcd' })), 'latin1'),
      });
      const body = (await reply.json()) as Answer['body'];
      expect({ status: reply.status, headers: reply.headers, body }).toMatchObject(aRefusal(status, message));
    }
    expect(await accepted()).toBe(before);
  });

  test('for a number that cannot be carried also at the door of order services', async () => {
    const before = await accepted();
    const body = JSON.stringify({ diner: { id: 2 }, order: { ...anOrder(), id: 20 } });
    for (const [from, to, path] of [
      ['"id":20', '"id":9007199254740993', /order\.id: the number/],
      ['{"id":2}', '{"id":2,"points":-0}', /diner\.points: the number/],
      ['0.0038', '1e22', /order\.items\.0\.price: expected a price of at most/],
    ] as const) {
      const authorization = `Bearer ${shop.stack.vendorApiKey}`;
      expect(await post(body.replace(from, to), { authorization })).toMatchObject(aRefusal(400, path));
    }
    expect(await accepted()).toBe(before);
  });

  test('for a control character in its Idempotency-Key, which is not even HTTP', async () => {
    const before = await accepted();
    const body = JSON.stringify(anOrder());
    const reply = await sendRaw(
      `POST /api/order HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${shop.diner.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nIdempotency-Key: a\u0001b\r\n\r\n${body}`,
    );
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
    expect(reply).toContain('application/problem+json');
    expect(JSON.parse(reply.split('\r\n\r\n')[1]!)).toMatchObject({
      message: expect.stringContaining('header'),
    });
    expect(await accepted()).toBe(before);
  });
});

describe('a body', () => {
  test('of exactly 64 KiB is taken, one byte more is not', async () => {
    const before = await accepted();
    expect(await post(orderOf(limit))).toMatchObject({ status: 200 });
    expect(await accepted()).toBe(before + 1);
    expect(await post(orderOf(limit + 1))).toMatchObject(aRefusal(413, /at most 64 KiB/));
    expect(await accepted()).toBe(before + 1);
  });

  test('of 1 MiB gets a 413 each time, and no reset', async () => {
    const before = await accepted();
    const body = orderOf(1024 * 1024);
    for (let time = 0; time < 20; time += 1)
      expect(await post(body)).toMatchObject(aRefusal(413, /too large/));
    expect(await accepted()).toBe(before);
  });

  test.for(['keep-alive', 'close'])(
    'of 1 MiB gets its 413 also when all of it is sent before the reply is read (%s)',
    async (connection) => {
      const before = await accepted();
      const body = orderOf(1024 * 1024);
      const { promise: closed, resolve, reject } = Promise.withResolvers<void>();
      const socket = connect(shop.stack.ports.ingest, '127.0.0.1');
      socket.once('error', reject).once('close', () => resolve());
      socket.pause();
      const send = (text: string) => new Promise<void>((sent) => socket.write(text, () => sent()));
      await send(
        `POST /api/order HTTP/1.1\r\nHost: h\r\nConnection: ${connection}\r\nAuthorization: Bearer ${shop.diner.token}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      for (let at = 0; at < body.length; at += limit) {
        await send(body.slice(at, at + limit));
        // The ingest has had its turn, and would have closed by now.
        await shop.diner.request('GET', '/healthz');
      }
      let reply = '';
      socket.on('data', (chunk) => (reply += String(chunk)));
      socket.resume();
      await closed;
      expect(reply).toMatch(/^HTTP\/1\.1 413 /);
      expect(JSON.parse(reply.split('\r\n\r\n')[1]!)).toMatchObject({
        message: expect.stringContaining('too large'),
      });
      expect(await accepted()).toBe(before);
    },
  );
});

const strangers: [string, () => string | undefined | Promise<string>, RegExp][] = [
  ['no token', () => undefined, /^Log in first/],
  ['an empty token', () => 'Bearer ', /^Log in first/],
  [
    'a token of another secret',
    async () => `Bearer ${await tokenOf('forged')}`,
    /^This token is not valid: log in again/,
  ],
  ['an unsigned token', () => `Bearer ${new UnsecuredJWT({ id: 2 }).encode()}`, /^This token is not valid/],
  [
    'a ticket',
    async () => `Bearer ${(await shop.diner.order(anOrder(), { prefer: 'respond-async' })).body.jwt}`,
    /^This token is not valid/,
  ],
  ['a receipt', async () => `Bearer ${(await shop.diner.order()).body.jwt}`, /^This token is not valid/],
  ['half a vendor key', () => `Bearer ${shop.stack.vendorApiKey.slice(1)}`, /^This token is not valid/],
];

const blind: [string, () => string | Promise<string>][] = [
  ['no token', () => ''],
  ['a forged token', async () => `Bearer ${await tokenOf('forged')}`],
  ['a tampered ticket', async () => `Bearer ${tampered((await ticketAndId()).ticket)}`],
];

describe('somebody without the right to it', () => {
  test.for(strangers)(
    'with %s cannot order, and nothing is left behind',
    async ([, authorization, message]) => {
      const header = await authorization();
      const before = await accepted();
      const answer = await shop.diner.request('POST', '/api/order', {
        body: JSON.stringify(anOrder()),
        headers: { ...json, ...(header !== undefined && { authorization: header }) },
      });
      expect(answer).toMatchObject(aRefusal(401, message));
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(await accepted()).toBe(before);
    },
  );

  test('cannot make us parse a body: a stranger with 1 MiB is refused like any other', async () => {
    expect(await post(orderOf(1024 * 1024), { authorization: 'Bearer stranger' })).toMatchObject(
      aRefusal(401, /log in again/),
    );
  });

  test('sees no order of another diner, which looks like none at all', async () => {
    const { body } = await shop.diner.order();
    const other = await shop.shopper(3);
    const theirs = await other.status(body.order.id);
    expect(theirs).toMatchObject(aRefusal(404, /no such order among yours/));
    expect(theirs.body).toEqual((await other.status('pb-0')).body);
  });

  test.for(blind)('with %s sees no status', async ([, authorization]) => {
    const { id } = await ticketAndId();
    const header = await authorization();
    const answer = await shop.diner.request('GET', `/api/order/${id}/status`, {
      headers: header === '' ? {} : { authorization: header },
    });
    expect(answer).toMatchObject(aRefusal(401, /Log in first|not valid/));
  });

  test("with the ticket of one order does not see another one, not even the same diner's", async () => {
    const { ticket, id } = await ticketAndId();
    expect(await shop.diner.status(id, ticket)).toMatchObject({ status: 200 });
    const other = await ticketAndId();
    expect(await shop.diner.status(other.id, ticket)).toMatchObject(aRefusal(404, /no such order/));
  });

  test('with the key of an order service sees no order of a diner', async () => {
    const { id } = await ticketAndId();
    expect(await shop.diner.status(id, shop.stack.vendorApiKey)).toMatchObject(
      aRefusal(404, /no such order/),
    );
  });
});

async function ticketAndId(): Promise<{ ticket: string; id: string }> {
  const { body } = await shop.diner.order(anOrder(), { prefer: 'respond-async' });
  return { ticket: body.jwt, id: body.order.id };
}

function tampered(ticket: string): string {
  return `${ticket.slice(0, -1)}${ticket.endsWith('A') ? 'B' : 'A'}`;
}

const notOurs: [string, () => string | Promise<string>][] = [
  ['garbage', () => 'garbage'],
  ['a JWT of nobody', () => 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln'],
  ["a login token, which is no factory's", () => shop.diner.token],
  ['an unsigned receipt', () => new UnsecuredJWT({ order: { id: 'pb-1' } }).encode()],
  ['a receipt with another order in it', async () => otherOrder((await shop.diner.order()).body.jwt)],
  ['a tampered ticket', async () => tampered((await ticketAndId()).ticket)],
  ['a ticket of no order', () => `ticket_pb-1_${'A'.repeat(43)}`],
];

describe('to verify', () => {
  test.for(notOurs)('%s says that it is invalid', async ([, jwt]) => {
    expect(await shop.diner.verify(await jwt())).toMatchObject(aRefusal(403, /^invalid$/));
  });

  test.for([
    ['nothing', '{}', /^The request is not valid: jwt: expected a receipt or a ticket$/],
    ['an empty text', '{"jwt":""}', /jwt: expected a receipt or a ticket$/],
    ['a number', '{"jwt":1}', /jwt: expected a receipt or a ticket$/],
    ['null', 'null', /^The request is not valid: expected an object with jwt$/],
    ['broken JSON', '{', /not valid JSON/],
  ] as const)('%s is refused', async ([, body, message]) => {
    expect(await shop.diner.request('POST', '/api/order/verify', { body, headers: json })).toMatchObject(
      aRefusal(400, message),
    );
  });
});

function otherOrder(jwt: string): string {
  const [header, , signature] = jwt.split('.');
  return [header, Buffer.from('{"order":{"id":"pb-1"}}').toString('base64url'), signature].join('.');
}

test.for([
  ['GET', '/api/nowhere'],
  ['POST', '/'],
  ['GET', '/api/order'],
  ['PUT', '/api/order'],
  ['DELETE', '/api/order/pb-1/status'],
] as const)('%s %s, which is not there, is a 404 that says so', async ([method, path]) => {
  expect(await shop.diner.request(method, path)).toMatchObject(
    aRefusal(404, new RegExp(`nothing at ${method} ${path}`)),
  );
});

test.for(['/api/order/%zz/status', `/api/order/${'x'.repeat(600)}/status`])(
  '%s is a path that is refused',
  async (path) => {
    const answer = await shop.diner.request('GET', path);
    expect(answer).toMatchObject(aRefusal(answer.status, /^The path is /));
    expect([400, 414]).toContain(answer.status);
  },
);

describe('what looks bad and is not', () => {
  test.for([
    ['a script as its description', withItem({ description: '<script>alert("d@jwt.com")</script>' })],
    [
      'Redis commands in its description',
      withItem({ description: '\r\nFLUSHALL\r\n*1\r\n$8\r\nFLUSHALL\r\n' }),
    ],
    ['letters of all the world, and none at all', withItem({ description: '🍕 \u0001 \u2028 \uffff' })],
    ['ids with a colon', anOrder({ storeId: 'a:b:{c}', franchiseId: ':' })],
    ['a number as its storeId', anOrder({ storeId: 7 })],
    [
      'fields of no meaning',
      anOrder({ constructor: { prototype: {} }, toString: 'x', hasOwnProperty: 1, id: 'mine', 'a.b': [{}] }),
    ],
    ['a body of 32 levels', anOrder({ note: nested(31) })],
    ['float noise in its price', withItem({ price: 0.1 + 0.2 })],
    ['20 items', items(20)],
  ] as const)('%s goes through as it is', async ([, body]) => {
    const answer = await shop.diner.order(body);
    const { id } = answer.body.order;
    expect(answer).toMatchObject({ status: 200, body: { order: { ...body, id } } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect((await ledger.find(id))?.request.order).toEqual({ ...body, id });
    expect(await shop.diner.verify(answer.body.jwt)).toMatchObject({
      body: { payload: { order: { ...body, id } } },
    });
  });
});

test.for([
  ['a name in half a character', { id: 5, name: 'pizza \ud83c' }],
  ['a name as long as a book', { id: 6, name: '🍕'.repeat(1_000) }],
  ['an id in half a character', { id: '\ud800' }],
  ['an id longer than ids can be', { id: 'x'.repeat(1_000) }],
])('a diner whom the shop gave %s can order, and sees that order', async ([, diner]) => {
  const token = await shop.stack.tokenFor(diner as { id: number });
  const headers = { authorization: `Bearer ${token}` };
  const answer = await shop.diner.order(anOrder(), headers);
  expect(answer).toMatchObject({ status: 200, body: { status: 'fulfilled' } });
  const { id } = answer.body.order;
  expect(await shop.diner.status(id, token)).toMatchObject({ status: 200, body: { id } });
  expect(await shop.diner.status(id)).toMatchObject({ status: 404 });
});

test('two orders that differ in the spelling of a number only are one under one key, in its value never', async () => {
  const order = JSON.stringify(anOrder({ weight: 0.1 }));
  const once = (weight: string) =>
    post(order.replace('"weight":0.1', `"weight":${weight}`), { 'idempotency-key': 'one-key' });
  const first = await once('0.1');
  expect(await once('0.10')).toMatchObject({ status: 200, body: { order: { id: first.body.order.id } } });
  expect(await once('1e-1')).toMatchObject({ status: 200, body: { order: { id: first.body.order.id } } });
  expect(await once('0.2')).toMatchObject(aRefusal(422, /used for another order/));
  expect(await once('0.1000000000000000055')).toMatchObject(aRefusal(400, /weight: the number/));
});

describe('a browser of another origin', () => {
  const origin = 'https://pizza.example';

  test('may ask first, and then post with its credentials', async () => {
    const preflight = await shop.diner.request('OPTIONS', '/api/order', {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key,prefer',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(
      /authorization.*idempotency-key.*prefer/,
    );
    const answer = await shop.diner.order(anOrder(), { origin });
    expect(answer.status).toBe(200);
    expectReadable(answer, origin);
  });

  test.for([
    [400, () => shop.diner.order({}, { origin })],
    [401, () => shop.diner.order(anOrder(), { origin, authorization: '' })],
    [
      403,
      () =>
        shop.diner.request('POST', '/api/order/verify', {
          body: '{"jwt":"x"}',
          headers: { ...json, origin },
        }),
    ],
    [404, () => shop.diner.request('GET', '/api/nowhere', { headers: { origin } })],
    [413, () => post(orderOf(limit + 1), { origin })],
    [415, () => post('{}', { origin, 'content-type': 'text/plain' })],
    [415, () => post('{}', { origin, 'content-encoding': 'gzip' })],
    [431, () => post('{}', { origin, prefer: 'x'.repeat(9_000) })],
    [
      400,
      () =>
        shop.diner.request('GET', '/api/order/pb-1/status?x=%ff', {
          headers: { origin, authorization: `Bearer ${shop.diner.token}` },
        }),
    ],
  ] as const)('may read the message of a %i', async ([status, ask]) => {
    const answer = await ask();
    expect(answer).toMatchObject(aRefusal(status, /./));
    expectReadable(answer, origin);
  });
});

function expectReadable(answer: Answer, origin: string): void {
  expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
  expect(answer.headers.get('vary')).toMatch(/origin/i);
  expect(answer.headers.get('access-control-expose-headers')).toMatch(/Location.*Retry-After/);
}

test('with CORS_ORIGINS set, an origin that is not in it is not let in, and those that are still are', async () => {
  const known = ['https://pizza.example', 'https://pizza2.example'];
  await using small = await openShop({
    workers: 0,
    admin: false,
    env: { ingest: { CORS_ORIGINS: known.join(', ') } },
  });
  for (const origin of [...known, 'https://evil.example', 'https://pizza.example.evil.example', 'null']) {
    const answers = await Promise.all([
      small.diner.order({}, { origin }),
      small.diner.order(anOrder(), { origin, prefer: 'respond-async' }),
      small.diner.request('OPTIONS', '/api/order', {
        headers: { origin, 'access-control-request-method': 'POST' },
      }),
    ]);
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe(known.includes(origin) ? origin : null);
    }
  }
});
