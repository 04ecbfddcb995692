import { once } from 'node:events';
import { connect } from 'node:net';
import { ProblemError } from '@proofbox/contract';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpServer, type Readiness } from './http-server.ts';
import { listen } from './listen.ts';
import { createLogger } from '../logging/logger.ts';
import { createMetrics } from '../metrics/metrics.ts';

const json = { 'content-type': 'application/json' };
const bodyLimit = 64 * 1024;

let server: FastifyInstance;
let url: string;
let port: number;
let reasons: string[];
let logged: string;
/** Opens the door that `/slow` waits at. */
let release: () => void;

beforeEach(async () => {
  reasons = [];
  logged = '';
  const gate = Promise.withResolvers<void>();
  release = gate.resolve;
  server = createHttpServer({
    logger: createLogger({ service: 'test', level: 'info' }, { write: (line) => (logged += line) }),
    metrics: createMetrics(),
    ready: async (): Promise<Readiness> => ({ reasons }),
    bodyLimit,
  });
  server.post('/echo', async (request) => ({ got: request.body }));
  server.post('/guarded', { onRequest: async () => refuse(401) }, async () => 'never');
  server.get('/refusal', async () => refuse(503));
  server.get('/bug/:what', async (request) => {
    throw bugs[(request.params as { what: string }).what];
  });
  server.get('/slow', async () => {
    await gate.promise;
    return { done: true };
  });
  ({ port } = await listen(server, { HOST: '127.0.0.1', PORT: 0 }));
  url = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  release();
  await server.close();
});

const bugs: Record<string, unknown> = {
  error: new TypeError('no oven at /srv/kitchen for d@jwt.com'),
  coded: Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'ECONNREFUSED' }),
  text: 'no oven at /srv/kitchen',
  nothing: null,
};

function refuse(status: number): never {
  throw new ProblemError({
    status,
    title: 'Refused',
    detail: 'Not today.',
    headers: { 'Retry-After': '5' },
    errors: [{ path: 'a', message: 'b' }],
  });
}

type Answer = { status: number; headers: Headers; type: string; text: string; body: Record<string, unknown> };

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const reply = await fetch(`${url}${path}`, init);
  const text = await reply.text();
  return {
    status: reply.status,
    headers: reply.headers,
    type: reply.headers.get('content-type') ?? '',
    text,
    body: JSON.parse(text) as Record<string, unknown>,
  };
}

/** An answer that is a problem document for a person, and shows nothing of our insides. */
function aProblem(status: number, message: RegExp): object {
  return {
    status,
    type: expect.stringMatching(/^application\/problem\+json/),
    text: expect.not.stringMatching(/ {4}at |node_modules|\.ts:|kitchen|ECONN/),
    body: {
      type: 'about:blank',
      status,
      title: expect.any(String),
      detail: expect.stringMatching(message),
      message: expect.stringMatching(message),
    },
  };
}

/** Sends raw bytes and gives back everything that came until the server closed. */
async function sendRaw(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let reply = '';
  socket.on('data', (chunk) => (reply += String(chunk)));
  socket.write(text);
  await once(socket, 'close');
  return reply;
}

const post = (body: string, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  body,
  headers,
});

const refused: [string, number, RegExp, () => Promise<Answer>][] = [
  ['an unknown route', 404, /^There is nothing at GET \/nowhere\.$/, () => ask('/nowhere?token=abc')],
  ['a wrong method', 404, /^There is nothing at GET \/echo\.$/, () => ask('/echo')],
  ['broken JSON', 400, /not valid JSON/, () => ask('/echo', post('{"a":'))],
  ['an empty body', 400, /body is empty/, () => ask('/echo', post(''))],
  [
    'a body that would change prototypes',
    400,
    /__proto__/,
    () => ask('/echo', post('{"__proto__":{"a":1}}')),
  ],
  [
    'a body over the limit',
    413,
    /at most 64 KiB/,
    () => ask('/echo', post(JSON.stringify('x'.repeat(bodyLimit)))),
  ],
  [
    'XML',
    415,
    /Content-Type: application\/json/,
    () => ask('/echo', post('<a/>', { 'content-type': 'text/xml' })),
  ],
  // A browser sends plain text to another origin without asking first.
  ['plain text', 415, /application\/json/, () => ask('/echo', post('{}', { 'content-type': 'text/plain' }))],
  ['a broken escape in the path', 400, /path is not valid/, () => ask('/bug/%zz')],
  ['a path that is too long', 414, /path is too long/, () => ask(`/bug/${'x'.repeat(600)}`)],
];

describe('a request that is refused', () => {
  test.for(refused)(
    'for %s gets %i, as a problem document with a message',
    async ([, status, message, send]) => {
      expect(await send()).toMatchObject(aProblem(status, message));
    },
  );

  test('by a route gets its own status, words, errors and headers', async () => {
    const reply = await ask('/refusal');
    expect(reply).toMatchObject(aProblem(503, /^Not today\.$/));
    expect(reply.body).toMatchObject({ title: 'Refused', errors: [{ path: 'a', message: 'b' }] });
    expect(reply.headers.get('retry-after')).toBe('5');
  });

  test.for([
    ['a control character in a header', 'Idempotency-Key: a\u0001b', 400, 'control characters'],
    ['headers that are too large', `X: ${'x'.repeat(40_000)}`, 431, 'headers are too large'],
    ['a length that is no number', 'Content-Length: many', 400, 'not valid HTTP'],
  ] as const)('for %s gets its answer too', async ([, header, status, words]) => {
    const reply = await sendRaw(`POST /echo HTTP/1.1\r\nHost: h\r\n${header}\r\n\r\n`);
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(reply).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(reply.split('\r\n\r\n')[1]!)).toMatchObject({
      status,
      message: expect.stringContaining(words),
    });
  });

  test('is not logged, for it says nothing about us', async () => {
    await ask('/echo', post('{"a":'));
    expect(logged).toBe('');
  });
});

describe('a body', () => {
  test('of exactly the limit is taken, one byte more is not', async () => {
    const text = JSON.stringify('x'.repeat(bodyLimit - 2));
    expect(text).toHaveLength(bodyLimit);
    expect((await ask('/echo', post(text))).status).toBe(200);
    expect(await ask('/echo', post(`${text} `))).toMatchObject(aProblem(413, /too large/));
  });

  // The client must not find its connection reset when it comes to reading: the reply would be lost.
  test.for([
    ['declared', '/echo', 413],
    ['in chunks', '/echo', 413],
    ['for a route that refuses it unread', '/guarded', 401],
  ] as const)(
    'far over the limit, %s, is answered to a client that reads only after sending all of it',
    async ([how, path, status]) => {
      const piece = 'x'.repeat(bodyLimit);
      const pieces = 64;
      const isChunked = how === 'in chunks';
      const framing = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${pieces * bodyLimit}`;
      const socket = connect(port, '127.0.0.1');
      const failures: Error[] = [];
      socket.on('error', (error) => failures.push(error));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.pause();
      const send = (text: string) => new Promise<void>((resolve) => socket.write(text, () => resolve()));
      await send(
        `POST ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`,
      );
      for (let sent = 0; sent < pieces; sent += 1) {
        await send(isChunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece);
        // The server has had its turn, and would have closed by now.
        await ask('/healthz');
      }
      if (isChunked) await send('0\r\n\r\n');
      let reply = '';
      socket.on('data', (chunk) => (reply += String(chunk)));
      socket.resume();
      await closed;
      expect(failures).toEqual([]);
      expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(reply).toContain('"message"');
    },
  );

  test('that is absurdly large is not waited for', async () => {
    const startedAt = performance.now();
    const reply = await sendRaw(
      'POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{',
    );
    expect(reply).toMatch(/^HTTP\/1.1 413 /);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('a bug', () => {
  test.for(Object.keys(bugs))('(%s) is a 500 that says nothing about our insides', async (what) => {
    expect(await ask(`/bug/${what}?token=abc`)).toMatchObject(
      aProblem(500, /^Something went wrong on our side\. /),
    );
  });

  test('is logged with its stack, without the query and without personal data', async () => {
    await ask('/bug/error?token=abc');
    expect(JSON.parse(logged)).toMatchObject({
      level: 'error',
      method: 'GET',
      path: '/bug/error',
      err: {
        message: expect.stringContaining('/srv/kitchen'),
        stack: expect.stringContaining('http-server.test.ts'),
      },
    });
    expect(logged).not.toMatch(/abc|d@jwt/);
  });
});

describe('health', () => {
  test('is alive as long as it answers, ready or not', async () => {
    reasons = ['Redis does not answer'];
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  test('is ready without reasons against it, and otherwise tells all of them', async () => {
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: { status: 'ready', reasons: [] } });
    reasons = ['Redis does not answer', 'the outbox is full'];
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: { status: 'not ready', reasons } });
  });

  test('shows metrics in the format of Prometheus', async () => {
    const reply = await fetch(`${url}/metrics`);
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await reply.text()).toMatch(/^process_cpu_seconds_total \d/m);
  });
});

test('a server that closes serves what is under way, and what follows on the same connection', async () => {
  const socket = connect(port, '127.0.0.1');
  let replies = '';
  socket.on('data', (chunk) => (replies += String(chunk)));
  const arrived = once(server.server, 'request');
  socket.write('GET /slow HTTP/1.1\r\nHost: h\r\n\r\n');
  await arrived;
  const closing = server.close();
  socket.write('GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n');
  await once(server.server, 'request');
  release();
  await closing;
  await once(socket, 'close');
  expect(replies.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
});
