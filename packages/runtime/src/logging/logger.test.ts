import { describe, expect, test } from 'vitest';
import { createLogger, type Logger } from './logger.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImRAand0LmNvbSJ9.c2lnbmF0dXJl';
const axiosLike = Object.assign(new Error('Request failed for d@jwt.com'), {
  code: 'ERR_BAD_RESPONSE',
  config: { headers: { Authorization: 'Bearer vendor-key' }, data: '{"diner":{"name":"pizza diner"}}' },
  request: { _header: 'authorization: Bearer vendor-key' },
});

/** What a logger writes, line by line. */
function linesOf(write: (logger: Logger) => void, level = 'trace'): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ service: 'test', level }, { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const leaks: [string, (logger: Logger) => void][] = [
  ['a message', (logger) => logger.info(`d@jwt.com sent ${jwt} and ticket_pb-1_abc`)],
  ['a message beside fields', (logger) => logger.info({ orderId: 'pb-1' }, 'for d@jwt.com')],
  ['a text to be put into a message', (logger) => logger.info('for %s', 'd@jwt.com')],
  ['a secret that is whole only in the message', (logger) => logger.info('Bearer %s', 'vendor-key')],
  ['an object to be put into a message', (logger) => logger.info('for %o', { name: 'pizza diner' })],
  ['an object at the end of a message', (logger) => logger.info({}, 'for', { name: 'pizza diner' })],
  ['fields', (logger) => logger.info({ diner: { name: 'pizza diner', email: 'd@jwt.com' } }, 'x')],
  ['nested fields', (logger) => logger.info({ a: { b: [{ email: 'd@jwt.com', token: jwt }] } }, 'x')],
  ['a field named msg', (logger) => logger.info({ msg: 'for d@jwt.com' })],
  ['headers', (logger) => logger.warn({ headers: { 'x-api-key': 'vendor-key', cookie: jwt } }, 'x')],
  ['the URL of a request', (logger) => logger.info({ url: '/x?api_key=vendor-key&email=d%40jwt.com' }, 'x')],
  [
    'an end-chaos link',
    (logger) => logger.info({ body: { reportUrl: 'http://f/api/support/vendor-key/1' } }, 'x'),
  ],
  ['an end-chaos link in a text', (logger) => logger.info('see http://f/api/support/vendor-key/report/1')],
  ['an error', (logger) => logger.error(new Error('for d@jwt.com'))],
  ['an error in err', (logger) => logger.error({ err: new Error('for d@jwt.com') })],
  ['an error with its request', (logger) => logger.error({ err: axiosLike }, 'x')],
  ['an error under another name', (logger) => logger.error({ why: axiosLike }, 'x')],
  ['an error within an error', (logger) => logger.error(new Error('x', { cause: axiosLike }), 'x')],
  ['an error in a message', (logger) => logger.error('failed: %s', axiosLike)],
];

describe('a log line', () => {
  test.for(leaks)('hides personal data and secrets in %s', ([, write]) => {
    const lines = linesOf(write);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toMatch(/d@jwt|d%40jwt|pizza diner|vendor-key|eyJ|ticket_pb/);
    expect(JSON.stringify(lines)).toMatch(/\[(redacted|e-mail|jwt|ticket|end-chaos link)\]|"x"/);
  });

  test('hides the secrets that its process has, however they are written, and no words that they are made of', () => {
    const key = 'proofbox-a8f3-secret-of-the-vendor';
    const lines: string[] = [];
    const logger = createLogger(
      { service: 'test', level: 'info', keys: [key] },
      { write: (line) => lines.push(line) },
    );
    const base64 = Buffer.from(key).toString('base64');
    logger.info({ proofbox: [key.toUpperCase(), encodeURIComponent(key), base64] }, key.slice(5, 20));
    expect(lines).toEqual([
      expect.stringMatching(
        /"proofbox":\["\[redacted\]","\[redacted\]","\[redacted\].{0,3}"\],"msg":"\[redacted\]"\}/,
      ),
    ]);
  });

  test('says when, how bad, who and what', () => {
    expect(
      linesOf((logger) => logger.warn({ orderId: 'pb-1', attempts: 2 }, 'order %s is late: 100%%', 'pb-1')),
    ).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        service: 'test',
        pid: process.pid,
        orderId: 'pb-1',
        attempts: 2,
        msg: 'order pb-1 is late: 100%',
      },
    ]);
  });

  test('gives a terminal no orders, and says the same all the same', () => {
    const hostile = 'a\u001b[2J\u009b31m\u007f\u202eb\u2028c';
    const lines: string[] = [];
    const logger = createLogger({ service: 'test', level: 'info' }, { write: (line) => lines.push(line) });
    logger.info({ text: hostile }, hostile);
    expect(lines.join('').trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(lines[0]!)).toMatchObject({ text: hostile, msg: hostile });
  });

  test('of an error alone says what the error says', () => {
    const [line] = linesOf((logger) => logger.error(new TypeError('no oven')));
    expect(line).toMatchObject({ msg: 'no oven', err: { type: 'TypeError', message: 'no oven' } });
    expect(linesOf((logger) => logger.error({ err: new Error('no oven') }))).toMatchObject([
      { msg: 'no oven' },
    ]);
  });

  test('below the level is not written', () => {
    expect(linesOf((logger) => logger.debug('x'), 'info')).toEqual([]);
    expect(linesOf((logger) => logger.info({ a: 1 }), 'info')).toHaveLength(1);
  });
});
