import { describe, expect, test } from 'vitest';
import { redact, redactText } from './index.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImRAand0LmNvbSJ9.c2lnbmF0dXJl';

const texts: [string, string, string][] = [
  ['an e-mail', 'no diner d@jwt.com here', 'no diner [e-mail] here'],
  ['an e-mail in a URL', '/diners/d%40jwt.com', '/diners/[e-mail]'],
  ['a JWT', `got ${jwt}, why?`, 'got [jwt], why?'],
  ['a JWT behind an underscore', `x_${jwt}`, 'x_[jwt]'],
  ['a JWT cut short', jwt.slice(0, 40), '[jwt]'],
  ['a JWT without a signature', 'eyJhbGciOiJub25lIn0.eyJpZCI6Mn0.', '[jwt]'],
  ['an encrypted JWT', 'eyJhbGciOiJkaXIifQ..aXY.dGV4dA.dGFn', '[jwt]'],
  ['a ticket', 'ticket_pb-1_c2lnbmF0dXJl.', '[ticket].'],
  ['a bearer token', 'authorization: bearer abc.DEF-1', 'authorization: Bearer [redacted]'],
  [
    'an end-chaos link',
    '{"reportUrl":"https://f.io/api/support/KEY/report/1"}',
    '{"reportUrl":"[redacted]"}',
  ],
  [
    'an end-chaos link in a text',
    'see https://f.io/api/support/KEY/report/1 now',
    'see [end-chaos link] now',
  ],
  ['half an end-chaos link', 'see /api/support/KEY', 'see [end-chaos link]'],
  ['a password in a URL', 'redis://default:s3cret@host:1', 'redis://[redacted]@host:1'],
  ['a password with odd letters', 'redis://u:p!w@d.com@host.io:1', 'redis://[redacted]@host.io:1'],
  [
    "a secret in a URL's query",
    'GET /x?a=1&token=abc&api_key=k#f',
    'GET /x?a=1&token=[redacted]&api_key=[redacted]#f',
  ],
  [
    'a secret in an environment',
    'FACTORY_PRIMARY_API_KEY=abc LOG_LEVEL=info',
    'FACTORY_PRIMARY_API_KEY=[redacted] LOG_LEVEL=info',
  ],
  ['a name in JSON', '{"name": "pizza diner","id":2}', '{"name": "[redacted]","id":2}'],
  [
    'a key in JSON within JSON',
    String.raw`"{\"apiKey\":\"abc\"}"`,
    String.raw`"{\"apiKey\":\"[redacted]\"}"`,
  ],
];

const kept = [
  'Redis does not answer at redis://127.0.0.1:6379',
  'order pb-0123456789abcdefghjkmnpq of diner 2 was queued',
  'http://127.0.0.1:4010/api/order?limit=5&state=dead',
  'connect ECONNREFUSED 127.0.0.1:4010',
  '{"orderId":"pb-1","status":500}',
];

describe('a text', () => {
  test.for(texts)('with %s loses only that', ([, text, clean]) => {
    expect(redactText(text)).toBe(clean);
  });

  test.for(kept)('that is harmless stays as it is: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  // Time that grew with the square of the length would take minutes here, and the process would stand still.
  test.for(['a', 'a.', 'a@', 'a:', '/', 'a://', 'eyJ', '?a', '"name"', 'a-'])(
    'of 300 kB of %s does not hold up the process',
    (part) => {
      const before = process.cpuUsage();
      redactText(part.repeat(300_000 / part.length));
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(5_000);
    },
  );
});

const secretFields = [
  'name',
  'email',
  'diner',
  'payload',
  'jwt',
  'token',
  'accessToken',
  'refresh_token',
  'ticket',
  'receipt',
  'reportUrl',
  'Authorization',
  'proxy-authorization',
  'Set-Cookie',
  'password',
  'apiKey',
  'x-api-key',
  'VENDOR_API_KEYS',
  'AUTH_JWT_SECRET',
];

describe('an object', () => {
  test.for(secretFields)('loses its field %s, however deep it lies', (field) => {
    const hidden = { [field]: '[redacted]' };
    expect(redact({ [field]: 'abc' })).toEqual(hidden);
    expect(redact({ a: [{ b: new Map([['c', { [field]: { d: 'abc' } }]]) }] })).toEqual({
      a: [{ b: { c: hidden } }],
    });
  });

  test('keeps what says what happened', () => {
    const line = {
      orderId: 'pb-1',
      dinerId: '2',
      factory: 'primary',
      status: 500,
      lateReceipts: 3,
      hostname: 'h',
      none: null,
      yes: true,
      when: new Date(0),
      where: new URL('http://h/x?token=abc'),
      states: new Set(['dead']),
    };
    expect(redact(line)).toEqual({
      ...line,
      when: '1970-01-01T00:00:00.000Z',
      where: 'http://h/x?token=[redacted]',
      states: ['dead'],
    });
  });

  test('is copied, not changed', () => {
    const line = { diner: { email: 'd@jwt.com' }, text: 'd@jwt.com' };
    redact(line);
    expect(line).toEqual({ diner: { email: 'd@jwt.com' }, text: 'd@jwt.com' });
  });

  test('that contains itself, or bytes, or a hundred levels, ends all the same', () => {
    const circle: Record<string, unknown> = { bytes: Buffer.from('d@jwt.com') };
    circle['self'] = circle;
    expect(redact(circle)).toEqual({ bytes: '[bytes]', self: '[circular]' });
    let deep: object = { text: 'd@jwt.com' };
    for (let level = 0; level < 100; level += 1) deep = { deep };
    expect(JSON.stringify(redact(deep))).toContain('[too deep]');
  });
});

describe('an error', () => {
  test('keeps type, message, code, stack and cause, and loses what libraries hang on it', () => {
    const cause = new TypeError('no diner d@jwt.com');
    const error = Object.assign(new Error(`refused ${jwt}`, { cause }), {
      code: 'ERR_BAD_REQUEST',
      config: { headers: { authorization: 'Bearer abc' }, data: '{"email":"d@jwt.com"}' },
      request: { path: '/api/order' },
      response: { data: { reportUrl: 'http://f/api/support/KEY/report/1' } },
    });
    expect(redact({ err: error })).toEqual({
      err: {
        type: 'Error',
        message: 'refused [jwt]',
        code: 'ERR_BAD_REQUEST',
        stack: expect.stringContaining('redact.test.ts'),
        cause: { type: 'TypeError', message: 'no diner [e-mail]', stack: expect.any(String) },
      },
    });
    expect(JSON.stringify(redact(error))).not.toMatch(/d@jwt|eyJ|KEY|abc/);
  });

  test('of several keeps each of them', () => {
    const error = new AggregateError([new Error('connect ::1'), new Error('for d@jwt.com')], 'both');
    expect(redact(error)).toMatchObject({
      message: 'both',
      errors: [{ message: 'connect ::1' }, { message: 'for [e-mail]' }],
    });
  });
});
