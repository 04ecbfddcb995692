import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { listen } from './listen.ts';
import { createLogger } from '../logging/logger.ts';
import { createMetrics } from '../metrics/metrics.ts';

let server: FastifyInstance;
let port: number;
beforeAll(async () => {
  server = createHttpServer({
    logger: createLogger({ service: 'test', level: 'silent' }),
    metrics: createMetrics(),
    ready: async () => ({ reasons: [] }),
    bodyLimit: 64 * 1024,
  });
  server.post('/echo', async ({ body }) => ({ got: body }));
  server.get('/query', async ({ query }) => ({ got: query }));
  server.get('/half', async () => ({ half: 'pizza \ud83c' }));
  ({ port } = await listen(server, { HOST: '127.0.0.1', PORT: 0 }));
});
afterAll(() => server.close());

type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> };

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const { status, headers, ...reply } = await fetch(`http://127.0.0.1:${port}${path}`, init).then(
    async (answer) => ({ status: answer.status, headers: answer.headers, text: await answer.text() }),
  );
  return { status, headers, ...reply, body: JSON.parse(reply.text) as Record<string, unknown> };
}

/** Posts these bytes as they are. */
function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Answer> {
  return ask('/echo', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

/** Sends a request with these lines as its head, and gives back all that comes. */
async function send(lines: string[], body = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let reply = '';
  socket.on('data', (chunk: string) => (reply += chunk));
  const head = [...lines, 'Host: h', 'Connection: close'].join('\r\n');
  socket.write(Buffer.from(`${head}\r\n\r\n${body}`, 'latin1'));
  await once(socket, 'close');
  return reply;
}

const latin1 = Uint8Array.from(Buffer.from('{"a":"Süd"}', 'latin1'));
const utf16 = Uint8Array.from(Buffer.from('\ufeff{"a":1}', 'utf16le'));

describe('a body', () => {
  test.for<[string, string | Uint8Array<ArrayBuffer>, string, unknown]>([
    ['without a charset', '{"a":"Süd 🍕"}', 'application/json', { a: 'Süd 🍕' }],
    ['in UTF-8, said so', '{"a":"Süd"}', 'application/json; charset=utf-8', { a: 'Süd' }],
    ['in UTF-8, said so otherwise', '{"a":"Süd"}', 'Application/JSON;charset="UTF8"', { a: 'Süd' }],
    ['with a byte order mark', '\ufeff{"a":"Süd"}', 'application/json', { a: 'Süd' }],
    [
      'with numbers in any spelling',
      '[5.0,1e2,0.1,9007199254740991]',
      'application/json',
      [5, 100, 0.1, 2 ** 53 - 1],
    ],
    [
      'with names that objects have by birth',
      '{"constructor":{"prototype":1}}',
      'application/json',
      { constructor: { prototype: 1 } },
    ],
  ])('%s is taken as it was sent', async ([, sent, type, got]) => {
    expect(await post(sent, { 'content-type': type })).toMatchObject({
      status: 200,
      text: JSON.stringify({ got }),
    });
  });

  test.for<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, number, RegExp]>([
    [
      'in ISO 8859-1, said so',
      latin1,
      { 'content-type': 'application/json; charset=iso-8859-1' },
      415,
      /in UTF-8/,
    ],
    ['in ISO 8859-1', latin1, {}, 400, /^The body is not valid: its bytes are not UTF-8$/],
    ['in UTF-16, said so', utf16, { 'content-type': 'application/json;charset=UTF-16' }, 415, /in UTF-8/],
    ['in UTF-16', utf16, {}, 400, /its bytes are not UTF-8$/],
    [
      'with two charsets',
      '{}',
      { 'content-type': 'application/json; charset=utf-8; charset=latin1' },
      415,
      /in UTF-8/,
    ],
    [
      'with half a character in UTF-8',
      Uint8Array.of(0x22, 0xf0, 0x9f, 0x8d, 0x22),
      {},
      400,
      /are not UTF-8$/,
    ],
    ['with a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0xbd, 0x22), {}, 400, /are not UTF-8$/],
    [
      'in gzip',
      Uint8Array.from(gzipSync('{}')),
      { 'content-encoding': 'gzip' },
      415,
      /without a Content-Encoding/,
    ],
    [
      'that says gzip and is none',
      '{}',
      { 'content-encoding': 'identity, GZIP' },
      415,
      /without a Content-Encoding/,
    ],
    [
      'with a number beyond 2^53',
      '{"a":[9007199254740993]}',
      {},
      400,
      /^The body is not valid: a\.0: the number 9007199254740993 /,
    ],
    [
      'with a name that stands twice',
      '{"a":1,"a":1}',
      {},
      400,
      /^The body is not valid: a: this name stands twice/,
    ],
    ['of 60 000 levels', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, {}, 400, /deeper than 32 levels$/],
  ])('%s is refused, in words', async ([, sent, headers, status, message]) => {
    const body = { message: expect.stringMatching(message) as string };
    expect(await post(sent, headers)).toMatchObject({ status, body });
  });

  test('that is encoded is refused with a word of what is taken', async () => {
    const { headers } = await post('{}', { 'content-encoding': 'br' });
    expect(headers.get('accept-encoding')).toBe('identity');
  });

  test('that cannot be carried exactly is refused with the place, for a program', async () => {
    expect((await post('{"items":[{"price":-0}]}')).body['errors']).toEqual([
      { path: 'items.0.price', message: expect.stringContaining('-0') as string },
    ]);
  });

  test.for([
    ['chunked', 200],
    ['gzip, chunked', 415],
  ] as const)('in chunks is read, and in another transfer coding is not (%s)', async ([coding, status]) => {
    const type = 'Content-Type: application/json';
    const head = ['POST /echo HTTP/1.1', type, `Transfer-Encoding: ${coding}`];
    expect(await send(head, '2\r\n{}\r\n0\r\n\r\n')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test.for([['identity'], ['Identity, identity'], ['']])(
    'whose Content-Encoding is "%s" is taken',
    async ([encoding]) => {
      expect((await post('{}', { 'content-encoding': encoding! })).status).toBe(200);
    },
  );
});

describe('headers', () => {
  test.for<[string, string[], number, RegExp]>([
    ['one of 8 KiB', [`X: ${'x'.repeat(8 * 1024 - 1)}`], 200, /"got"/],
    [
      'one that is larger',
      [`Prefer: ${'x'.repeat(8 * 1024)}`],
      431,
      /The header prefer is too large: at most 8 KiB/,
    ],
    ['one with a long name', [`${'x'.repeat(9_000)}: y`], 431, /The header x{100} is too large/],
    ['two of 7 KiB', [`X: ${'x'.repeat(7_000)}`, `Y: ${'x'.repeat(7_000)}`], 200, /"got"/],
    [
      'three of 7 KiB',
      ['X', 'Y', 'Z'].map((each) => `${each}: ${'x'.repeat(7_000)}`),
      431,
      /headers are too large/,
    ],
    ['a hundred', Array.from({ length: 98 }, (_each, n) => `X-${n}: y`), 200, /"got"/],
    [
      'more than a hundred',
      Array.from({ length: 99 }, (_each, n) => `X-${n}: y`),
      431,
      /too many headers: at most 100/,
    ],
    ['three thousand', Array.from({ length: 3_000 }, () => 'X:'), 431, /headers/],
    [
      'two that say who asks',
      ['Authorization: Bearer a', 'authorization: Bearer b'],
      400,
      /header authorization came more than once/,
    ],
    [
      'two keys',
      ['Idempotency-Key: a', 'Idempotency-Key: a'],
      400,
      /header idempotency-key came more than once/,
    ],
    [
      'two types',
      ['Content-Type: application/json', 'Content-Type: text/plain'],
      400,
      /header content-type came more/,
    ],
  ])('%s', async ([, lines, status, said]) => {
    const reply = await send(['GET /query HTTP/1.1', ...lines]);
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(reply.split('\r\n\r\n')[1]).toMatch(said);
  });
});

describe('a query', () => {
  test('is taken as it was written', async () => {
    expect((await ask('/query?store=S%C3%BCd+1%2B1&empty=&x=%F0%9F%8D%95')).body).toEqual({
      got: { store: 'Süd 1+1', empty: '', x: '🍕' },
    });
  });

  test.for([
    'store=%ff',
    'store=S%FCd',
    'a=1&x=%ED%A0%80',
    'store=%',
    'store=%zz',
    'x=%00',
    'store=S\u00fcd',
  ])('that would be another text once it is read (%s) is refused', async (query) => {
    const reply = await send([`GET /query?${query} HTTP/1.1`]);
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test('what is answered never has half a character in it', async () => {
  expect((await ask('/half')).text).toBe('{"half":"pizza \\ufffd"}');
});
