import type { Outcome } from '@proofbox/contract';
import { describe, expect, test } from 'vitest';
import type { ReceiptCheck } from '../receipts/receipt-verifier.ts';
import { classify, receiptIn, type Evidence } from './classify.ts';
import type { Delivery, Reply } from './delivery.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const valid: ReceiptCheck = { status: 'valid', payload: { order: { id: 'pb-1' } } };
const jwt = JSON.stringify({ jwt: 'receipt' });

function reply(
  status: number,
  body: string,
  headers: Record<string, string> = {},
  trouble: Pick<Reply, 'cutOff' | 'unreadable'> = {},
): Reply {
  return { replied: true, status, body, headers, ...trouble };
}

function outcomeOf(delivery: Delivery, evidence: Partial<Evidence> = {}): Outcome {
  return classify({ delivery, repeatable: true, now, redact: (text) => text, ...evidence });
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
      { status: 'invalid', why: 'wrong key' },
      { kind: 'failed', detail: 'bad_receipt: the jwt does not verify (wrong key)' },
    ],
    [
      'a jwt whose keys cannot be had',
      reply(200, jwt),
      { status: 'unavailable', why: 'no keys' },
      { kind: 'unknown', detail: 'the jwt could not be checked: no keys' },
    ],
    ['a jwt that nobody checked', reply(200, jwt), undefined, { kind: 'failed' }],
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
      '200 in an encoding that is not known',
      reply(200, '', {}, { unreadable: 'the reply is in an encoding that is not known (rot13)' }),
      undefined,
      {
        kind: 'failed',
        detail: 'bad_receipt: the reply is in an encoding that is not known (rot13)',
      },
    ],
    [
      '200 that broke off before its jwt',
      reply(200, '{"jw', {}, { cutOff: 'ECONNRESET' }),
      undefined,
      { kind: 'unknown', status: 200, detail: 'the answer broke off (ECONNRESET)' },
    ],
    [
      '200 that broke off after its jwt',
      reply(200, jwt, {}, { cutOff: 'ECONNRESET' }),
      valid,
      { kind: 'fulfilled', receipt: 'receipt' },
    ],
    [
      '500 that broke off',
      reply(500, '{"message":"cha', {}, { cutOff: 'ECONNRESET' }),
      undefined,
      { kind: 'failed', status: 500 },
    ],
    [
      '500 that is too large',
      reply(500, '', {}, { unreadable: 'the reply is too large' }),
      undefined,
      { kind: 'failed', status: 500, detail: 'the reply is too large' },
    ],
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
  ])('of %s', ([, delivery, check, outcome]) => {
    expect(outcomeOf(delivery, { check })).toMatchObject(outcome);
  });

  test.for<[string, string[], Partial<Outcome>]>([
    [
      'another order',
      ['order.id', 'diner.id'],
      { kind: 'failed', detail: 'bad_receipt: the jwt is for another order' },
    ],
    [
      'our order with another diner and other pizzas',
      ['diner.id', 'order.items'],
      {
        kind: 'receipt_mismatch',
        detail: 'the receipt says something else than the order: diner.id, order.items',
      },
    ],
  ])('of a valid receipt for %s', ([, differences, outcome]) => {
    expect(outcomeOf(reply(200, jwt), { check: valid, differences })).toMatchObject(outcome);
  });

  test('of any status that is no success goes by the status, and of no status is there none', () => {
    const kinds = new Map<number, Outcome['kind']>([
      ...[400, 409, 413, 415, 422].map((status) => [status, 'rejected'] as const),
      ...[401, 403, 404, 405].map((status) => [status, 'misconfigured'] as const),
      [429, 'throttled'],
    ]);
    for (let status = 100; status <= 599; status += 1) {
      const { kind } = outcomeOf(reply(status, message('no')));
      expect(`${status} ${kind}`).toBe(`${status} ${kinds.get(status) ?? 'failed'}`);
    }
  });

  test('of a conflict is unknown where a repeat is not safe: the order that is there may be ours', () => {
    expect(outcomeOf(reply(409, message('known')), { repeatable: false })).toMatchObject({ kind: 'unknown' });
  });
});

test.for<[string, string | undefined]>([
  ['{"jwt":"a.b.c"}', 'a.b.c'],
  ['{"jwt":" \\n a.b.c\\t"}', 'a.b.c'],
  ['{"jwt":"  "}', undefined],
  ['{"jwt":["a.b.c"]}', undefined],
  ['["jwt"]', undefined],
  ['null', undefined],
])('the receipt in %s is %s', ([body, receipt]) => {
  expect(receiptIn(reply(200, body))).toBe(receipt);
  expect(receiptIn(reply(500, body))).toBe(undefined);
});

describe('what is kept of a reply', () => {
  const link = 'https://factory.example/api/support/THE-API-KEY/report/42';
  const redact = (text: string): string => text.replaceAll(/THE-API-KEY|Kai Chen/g, '[redacted]');

  function detailOf(body: string): string {
    const outcome = outcomeOf(reply(500, body), { redact });
    return 'detail' in outcome ? outcome.detail : '';
  }

  test('says that an end-chaos link was offered, and never the link', () => {
    const body = JSON.stringify({ message: `chaos monkey, see ${link}`, reportUrl: link });
    const outcome = outcomeOf(reply(500, body), { redact });
    expect(outcome).toMatchObject({ kind: 'failed', endChaosLink: true });
    expect(JSON.stringify(outcome)).not.toContain('THE-API-KEY');
  });

  test.for<[string, string, string]>([
    [
      'a secret',
      message('no pizza for Kai Chen with THE-API-KEY'),
      'no pizza for [redacted] with [redacted]',
    ],
    ['a secret behind tags and blanks', 'for <b>Kai</b>\n<i>Chen</i>', 'not JSON: for [redacted]'],
    ['characters that control a terminal', message('a\u001b[31mb\u0000c\u009bd'), 'a [31mb c d'],
    ['half a character', '{"message":"oven \\ud83d full"}', 'oven � full'],
    ['a message that is no text', '{"message":{"a":1}}', 'no message'],
  ])('of %s', ([, body, detail]) => {
    expect(detailOf(body)).toBe(detail);
  });

  test.for([message('🍕'.repeat(5_000)), '🍕'.repeat(5_000), message(`x${'🍕'.repeat(5_000)}`)])(
    'is at most 300 characters, none of them half',
    (body) => {
      const detail = detailOf(body).replace('not JSON: ', '');
      expect(detail.isWellFormed()).toBe(true);
      expect(Array.from(detail)).toHaveLength(300);
      expect(detail).not.toContain('�');
    },
  );

  test('holds no half of a secret that stands where a long text is cut, wherever that is', () => {
    const shrinking = (text: string): string => redact(text).replaceAll(/y+/g, '');
    for (let length = 3_980; length <= 4_010; length += 1) {
      const body = message(`${'y'.repeat(length)}THE-API-KEY${' '.repeat(5_000)}`);
      const outcome = outcomeOf(reply(500, body), { redact: shrinking });
      expect(JSON.stringify(outcome)).not.toMatch(/THE|API|KEY/);
    }
  });

  test('is read no further than it has to be, however much a factory says', () => {
    const longest: number[] = [];
    const measuring = (text: string): string => (longest.push(text.length), text);
    outcomeOf(reply(500, 'x'.repeat(250_000)), { redact: measuring });
    outcomeOf(reply(500, message('x'.repeat(250_000))), { redact: measuring });
    expect(Math.max(...longest)).toBeLessThanOrEqual(4_000);
  });

  test.for(['<', '<a', ' ', '@', 'eyJ.', '"'])('a reply full of %s is read in no time', (part) => {
    const before = process.cpuUsage();
    detailOf(part.repeat(250_000 / part.length));
    // A second of this process is for ever here: what is guarded against took minutes, and froze the worker meanwhile.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});
