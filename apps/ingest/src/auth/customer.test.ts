import { createHmac } from 'node:crypto';
import { ProblemError } from '@proofbox/contract';
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import { bearerOf, createAuthenticate, type Customer } from './customer.ts';

const secret = 'the secret of the login service';
const vendorApiKey = 'a-vendor-key';
const authenticate = createAuthenticate({ jwtSecret: secret, vendorApiKeys: ['an-older-key', vendorApiKey] });
const diner = { id: 2, name: 'pizza diner', email: 'd@jwt.com' };

function sign(payload: JWTPayload, options: { alg?: string; by?: string } = {}): Promise<string> {
  const by = new TextEncoder().encode(options.by ?? secret);
  return new SignJWT(payload).setProtectedHeader({ alg: options.alg ?? 'HS256', typ: 'JWT' }).sign(by);
}

/** As jwt-pizza-service makes it: with `roles` and `iat`, without `exp`. */
const login = await sign({ ...diner, roles: [{ role: 'diner' }], iat: 1_700_000_000 });

async function refusalOf(authorization: string | undefined): Promise<ProblemError> {
  const answer = await authenticate(authorization).catch((error: unknown) => error);
  if (answer instanceof ProblemError) return answer;
  throw new Error(`expected a refusal, got ${JSON.stringify(answer)}`);
}

async function dinerOf(token: string): Promise<Customer & { kind: 'diner' }> {
  const customer = await authenticate(`Bearer ${token}`);
  if (customer.kind === 'diner') return customer;
  throw new Error('expected a diner');
}

const soon = Math.floor(Date.now() / 1_000) + 3_600;
const past = Math.floor(Date.now() / 1_000) - 3_600;

/** An RS256 key whose public half everybody knows, used as if it were the shared secret. */
async function confused(): Promise<string> {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true });
  return sign(diner, { by: await exportSPKI(publicKey) });
}

async function signedWithRs256(): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256');
  return new SignJWT(diner).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
}

/** What jose refuses to make: any header, any secret. */
function handmade(header: object, by: string, claims = JSON.stringify(diner)): string {
  const signed = [JSON.stringify(header), claims]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', by).update(signed).digest('base64url')}`;
}

async function tampered(): Promise<string> {
  const [header, , signature] = login.split('.');
  return [header, Buffer.from(JSON.stringify({ ...diner, id: 1 })).toString('base64url'), signature].join(
    '.',
  );
}

const strangers: [string, () => Promise<string> | string][] = [
  ['of another secret', () => sign(diner, { by: 'another secret' })],
  ['signed with an empty secret', () => handmade({ alg: 'HS256' }, '')],
  ['unsigned (alg none)', () => new UnsecuredJWT({ ...diner }).encode()],
  ['without an algorithm', () => handmade({ typ: 'JWT' }, secret)],
  ['signed with HS512, even with our secret', () => sign(diner, { alg: 'HS512' })],
  ['signed with RS256', signedWithRs256],
  ['signed with a public key as the secret', confused],
  ['changed after it was signed', tampered],
  ['that has expired', () => sign({ ...diner, exp: past })],
  ['that is not valid yet', () => sign({ ...diner, nbf: soon })],
  ['without the id of a diner', () => sign({ name: diner.name, email: diner.email })],
  ['with an empty id', () => sign({ ...diner, id: '' })],
  ['with an id of null', () => sign({ ...diner, id: null })],
  ['with an id that is an object', () => sign({ ...diner, id: { id: 2 } })],
  ['that is no JWT', () => 'a.b.c'],
  ['that is almost a vendor key', () => `${vendorApiKey}x`],
];

describe('a diner', () => {
  test('is known by the token of the login service, which never expires', async () => {
    expect(await dinerOf(login)).toEqual({
      kind: 'diner',
      diner,
      session: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('is known by an id alone, and by one that is a text', async () => {
    expect((await dinerOf(await sign({ id: 2 }))).diner).toEqual({ id: 2 });
    expect((await dinerOf(await sign({ id: 'abc' }))).diner).toEqual({ id: 'abc' });
  });

  const half = 'pizza \ud83c';
  test.for<[string, JWTPayload, object]>([
    [
      'a name in half a character',
      { name: half, email: half },
      { name: 'pizza \uFFFD', email: 'pizza \uFFFD' },
    ],
    ['NUL in a name', { name: 'a\0b' }, { name: 'a\uFFFDb' }],
    ['a name as long as a book', { name: '🍕'.repeat(2_000) }, { name: '🍕'.repeat(320) }],
    ['a name that is no text', { name: { first: 'pizza' }, email: 5 }, {}],
    ['no name, said so', { name: null, email: null }, {}],
  ])('with %s can order', async ([, claims, carried]) => {
    expect((await dinerOf(await sign({ id: 2, ...claims }))).diner).toEqual({ id: 2, ...carried });
  });

  test.for([
    ['2', 2],
    ['0.3333333333333333', 0.3333333333333333],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', '9007199254740993'],
    ['-12345678901234567890', '-12345678901234567890'],
    ['0.33333333333333333333', '0.33333333333333333333'],
    ['1e400', '1e400'],
    ['-0', '-0'],
    ['"12345678901234567890"', '12345678901234567890'],
  ] as const)('is the one whose id stands in the token: %s', async ([written, id]) => {
    expect((await dinerOf(handmade({ alg: 'HS256' }, secret, `{"id":${written}}`))).diner).toEqual({ id });
  });

  test.for([
    ['longer than an id can be', 'x'.repeat(201), `${'x'.repeat(200)}y`],
    ['half characters', '\ud800', '\ud801'],
    ['with NUL', 'a\0', 'a'],
  ])('with an id that cannot be carried can order, and is nobody else: %s', async ([, one, other]) => {
    const idOf = async (id: string) => (await dinerOf(await sign({ id }))).diner.id;
    expect(await idOf(one!)).toMatch(/^sha256:[\w-]{43}$/);
    expect(await idOf(one!)).toBe(await idOf(one!));
    expect(await idOf(one!)).not.toBe(await idOf(other!));
  });

  test('is known as long as a token that does expire has not', async () => {
    expect((await dinerOf(await sign({ ...diner, exp: soon }))).diner).toEqual(diner);
  });

  test('has one session for each login, and its token does not stand in it', async () => {
    const [first, again, other] = [
      await dinerOf(login),
      await dinerOf(login),
      await dinerOf(await sign(diner)),
    ];
    expect(again.session).toBe(first.session);
    expect(other.session).not.toBe(first.session);
    expect(login).not.toContain(first.session);
  });
});

describe('an order service', () => {
  test('is known by any of our API keys, and one key is not the other', async () => {
    const one = await authenticate(`Bearer ${vendorApiKey}`);
    const other = await authenticate('Bearer an-older-key');
    expect(one).toEqual({ kind: 'service', key: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(other).toMatchObject({ kind: 'service' });
    expect(other).not.toEqual(one);
  });

  test('is unknown where no key is set', async () => {
    const noServices = createAuthenticate({ jwtSecret: secret, vendorApiKeys: [] });
    await expect(noServices(`Bearer ${vendorApiKey}`)).rejects.toThrow(ProblemError);
  });
});

describe('a stranger', () => {
  test.for(strangers)('with a token %s is refused', async ([, forge]) => {
    expect(await refusalOf(`Bearer ${await forge()}`)).toMatchObject({
      status: 401,
      message: expect.stringContaining('This token is not valid: log in again'),
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  });

  test.for([undefined, '', 'Bearer', 'Bearer ', login, `Basic ${login}`, `Bearer ${login} ${login}`])(
    'without a bearer token (%s) is asked to log in',
    async (authorization) => {
      expect(await refusalOf(authorization)).toMatchObject({
        status: 401,
        message: expect.stringContaining('Log in first'),
      });
    },
  );
});

test.for([
  ['Bearer abc', 'abc'],
  ['bearer   abc', 'abc'],
  ['BEARER abc', 'abc'],
  ['Bearer abc def', undefined],
  ['Bearerabc', undefined],
  ['Token abc', undefined],
] as const)('the bearer of %s is %s', ([header, token]) => {
  expect(bearerOf(header)).toBe(token);
});
