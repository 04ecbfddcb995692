import type { Outcome } from '@proofbox/contract';
import type { ReceiptCheck } from '@proofbox/factory/receipts';
import { describe, expect, test } from 'vitest';
import { classify } from './classify.ts';
import type { Delivery } from './factory-client.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const valid: ReceiptCheck = { verdict: 'valid', payload: { order: { id: 'pb-1' } } };
const jwt = JSON.stringify({ jwt: 'receipt' });

function reply(status: number, body: string, headers: Record<string, string> = {}): Delivery {
  return { replied: true, status, body, headers };
}

const message = (text: string): string => JSON.stringify({ message: text });

describe('the outcome of a call', () => {
  test.for<[string, Delivery, ReceiptCheck | undefined, Partial<Outcome>]>([
    ['a receipt that verifies', reply(200, jwt), valid, { kind: 'fulfilled', receipt: 'receipt' }],
    ['a receipt with 201', reply(201, jwt), valid, { kind: 'fulfilled' }],
    [
      'no connection',
      { replied: false, sent: false, code: 'ECONNREFUSED' },
      undefined,
      { kind: 'not_sent', detail: 'could not connect (ECONNREFUSED)' },
    ],
    [
      'silence after sending',
      { replied: false, sent: true, code: 'TimeoutError' },
      undefined,
      { kind: 'unknown' },
    ],
    [
      'a jwt that does not verify',
      reply(200, jwt),
      { verdict: 'invalid', why: 'wrong key' },
      { kind: 'failed', detail: 'bad_receipt: the jwt does not verify (wrong key)' },
    ],
    [
      'a jwt whose keys cannot be had',
      reply(200, jwt),
      { verdict: 'unavailable', why: 'no keys' },
      { kind: 'unknown', detail: 'the jwt could not be checked: no keys' },
    ],
    ['a jwt that nobody checked', reply(200, jwt), undefined, { kind: 'failed' }],
    [
      'a valid jwt for another order',
      reply(200, jwt),
      { verdict: 'valid', payload: { order: { id: 'pb-2' } } },
      { kind: 'failed', detail: 'bad_receipt: the jwt is for another order' },
    ],
    [
      '200 without a jwt',
      reply(200, '{}'),
      undefined,
      { kind: 'failed', detail: 'bad_receipt: a 2xx without a jwt' },
    ],
    ['200 with an empty jwt', reply(200, '{"jwt":""}'), undefined, { kind: 'failed' }],
    ['200 with a jwt that is no string', reply(200, '{"jwt":1}'), undefined, { kind: 'failed' }],
    ['200 that is not JSON', reply(200, '<html>'), undefined, { kind: 'failed' }],
    ['204', reply(204, ''), undefined, { kind: 'failed' }],
    [
      '500',
      reply(500, message('chaos monkey')),
      undefined,
      { kind: 'failed', status: 500, detail: 'chaos monkey' },
    ],
    [
      '502 with a page',
      reply(502, '<html><h1>Bad  Gateway</h1></html>'),
      undefined,
      { kind: 'failed', detail: 'not JSON: Bad Gateway' },
    ],
    ['503', reply(503, message('oven full')), undefined, { kind: 'failed' }],
    [
      '503 with Retry-After',
      reply(503, message('busy'), { 'retry-after': '7' }),
      undefined,
      { kind: 'throttled', retryAfterMs: 7_000 },
    ],
    [
      '429',
      reply(429, message('slow down'), { 'retry-after': '2' }),
      undefined,
      { kind: 'throttled', retryAfterMs: 2_000 },
    ],
    ['429 without Retry-After', reply(429, ''), undefined, { kind: 'throttled', retryAfterMs: 1_000 }],
    [
      'a redirect',
      reply(302, '', { location: 'http://elsewhere' }),
      undefined,
      { kind: 'failed', status: 302 },
    ],
    ['408', reply(408, ''), undefined, { kind: 'failed' }],
    ['418', reply(418, ''), undefined, { kind: 'failed' }],
    ['100', reply(100, ''), undefined, { kind: 'failed' }],
    ...[400, 409, 413, 422].map((status): [string, Delivery, undefined, Partial<Outcome>] => [
      `${status}`,
      reply(status, message('no')),
      undefined,
      { kind: 'rejected', status, detail: 'no' },
    ]),
    ...[401, 403, 404, 405].map((status): [string, Delivery, undefined, Partial<Outcome>] => [
      `${status}`,
      reply(status, message('no')),
      undefined,
      { kind: 'misconfigured', status },
    ]),
  ])('of %s', ([, delivery, check, outcome]) => {
    expect(classify({ delivery, check, orderId: 'pb-1', now })).toMatchObject(outcome);
  });

  test('takes a number for the same id as its text', () => {
    const check: ReceiptCheck = { verdict: 'valid', payload: { order: { id: '20' } } };
    expect(classify({ delivery: reply(200, jwt), check, orderId: 20, now })).toMatchObject({
      kind: 'fulfilled',
    });
  });
});

describe('what is kept of a reply', () => {
  const link = 'https://factory.example/api/support/THE-API-KEY/report/42';

  test('says that an end-chaos link was offered, and never the link', () => {
    const body = JSON.stringify({ message: `chaos monkey, see ${link}`, reportUrl: link });
    const outcome = classify({ delivery: reply(500, body), orderId: 'pb-1', now });
    expect(outcome).toMatchObject({ kind: 'failed', endChaosLink: true });
    expect(JSON.stringify(outcome)).not.toContain('THE-API-KEY');
  });

  test('is short and holds no personal data, whatever the factory says', () => {
    const said = `order of d@jwt.com with Bearer abc.def ${'x'.repeat(5_000)}`;
    const outcome = classify({ delivery: reply(500, said), orderId: 'pb-1', now });
    expect(outcome).toMatchObject({ detail: expect.not.stringMatching(/d@jwt|abc\.def/) });
    expect('detail' in outcome && outcome.detail.length).toBeLessThan(400);
  });

  test('holds neither our key nor the name of the diner, also where the factory quotes them', () => {
    const body = JSON.stringify({ message: 'no pizza for Kai Chen with key K-123' });
    const secrets = ['K-123', 'Kai Chen', ''];
    expect(classify({ delivery: reply(400, body), orderId: 'pb-1', now, secrets })).toMatchObject({
      detail: 'no pizza for [redacted] with key [redacted]',
    });
  });

  test.for(['<', '<a', ' ', '@', 'eyJ.', '"'])('a reply full of %s is read in no time', (part) => {
    const startedAt = performance.now();
    classify({ delivery: reply(502, part.repeat(250_000 / part.length)), orderId: 'pb-1', now });
    // A second is for ever here: what is guarded against took minutes, and froze the worker meanwhile.
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
