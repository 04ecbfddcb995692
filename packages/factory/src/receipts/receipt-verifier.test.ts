import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createReceiptVerifier,
  type ReceiptVerifier,
  type ReceiptVerifierOptions,
} from './receipt-verifier.ts';

type FactoryKey = { privateKey: CryptoKey; publicKey: CryptoKey; kid: string };

/** A factory's key page, over real HTTP. */
type KeyPage = {
  keys: JWK[];
  answer: 'keys' | 'error' | 'nothing';
  asked: number;
  server: Server;
  url: string;
};

async function newKey(kid: string): Promise<FactoryKey> {
  return { ...(await generateKeyPair('RS256', { extractable: true })), kid };
}

/** As the factory publishes it: without `alg` and without `use`. */
async function published({ publicKey, kid }: FactoryKey): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), kid };
}

const key = await newKey('key-1');
const rotated = await newKey('key-2');
const payload = {
  vendor: { id: 'v', name: 'vendor' },
  diner: { id: 2, email: 'd@jwt.com' },
  order: { id: 'pb-1', items: [] },
};

/** As the factory signs: `exp` and `iss` stand in the header, where they mean nothing. */
function sign(claims: object, by: FactoryKey): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: by.kid, iss: 'cs329.click', exp: 1 })
    .sign(by.privateKey);
}

let page: KeyPage;
beforeEach(async () => {
  const server = createServer((_request, reply) => {
    page.asked += 1;
    if (page.answer === 'keys') reply.end(JSON.stringify({ keys: page.keys }));
    if (page.answer === 'error') reply.writeHead(500).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  page = { keys: [await published(key)], answer: 'keys', asked: 0, server, url };
});
afterEach(() => close());

async function close(): Promise<void> {
  if (!page.server.listening) return;
  page.server.close();
  page.server.closeAllConnections();
  await once(page.server, 'close');
}

function verifier(options: Partial<ReceiptVerifierOptions> = {}): ReceiptVerifier {
  return createReceiptVerifier({ factoryUrl: page.url, algorithms: ['RS256'], ...options });
}

const forgeries: [string, () => Promise<string> | string][] = [
  ['nothing', () => ''],
  ['a word', () => 'receipt'],
  ['three words', () => 'a.b.c'],
  ['signed by another key under the same name', async () => sign(payload, { ...rotated, kid: key.kid })],
  ['signed by a key nobody published', async () => sign(payload, rotated)],
  ['changed after it was signed', async () => tampered(await sign(payload, key))],
  ['without its signature', async () => `${(await sign(payload, key)).split('.').slice(0, 2).join('.')}.`],
  ['unsigned (alg none)', () => new UnsecuredJWT({ ...payload }).encode()],
  ['signed with the public key as a shared secret', confused],
  ['signed with an algorithm that does not count', signedWithRs512],
  ['of no order', async () => sign({ vendor: {}, diner: {} }, key)],
  ['of an order without an id', async () => sign({ order: { items: [] } }, key)],
];

function tampered(jwt: string): string {
  const [header, , signature] = jwt.split('.');
  const other = Buffer.from(JSON.stringify({ ...payload, order: { id: 'pb-2' } })).toString('base64url');
  return [header, other, signature].join('.');
}

async function confused(): Promise<string> {
  const secret = new TextEncoder().encode(await exportSPKI(key.publicKey));
  return new SignJWT({ ...payload }).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secret);
}

async function signedWithRs512(): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS512', { extractable: true });
  page.keys.push({ ...(await exportJWK(publicKey)), kid: 'rs512' });
  return new SignJWT({ ...payload }).setProtectedHeader({ alg: 'RS512', kid: 'rs512' }).sign(privateKey);
}

describe('a receipt', () => {
  test('signed by the factory is valid, and tells of its order', async () => {
    expect(await verifier().verify(await sign(payload, key))).toEqual({ verdict: 'valid', payload });
  });

  test('without the name of its key is valid where the factory has one key only', async () => {
    const jwt = await new SignJWT({ ...payload }).setProtectedHeader({ alg: 'RS256' }).sign(key.privateKey);
    expect(await verifier().verify(jwt)).toMatchObject({ verdict: 'valid' });
  });

  test.for(forgeries)('%s is invalid', async ([, forge]) => {
    expect(await verifier().verify(await forge())).toEqual({ verdict: 'invalid', why: expect.any(String) });
  });
});

describe('the keys', () => {
  test('are fetched once for many receipts', async () => {
    const receipts = verifier();
    const jwt = await sign(payload, key);
    const checks = await Promise.all(Array.from({ length: 10 }, () => receipts.verify(jwt)));
    expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['valid']));
    await receipts.verify(jwt);
    expect(page.asked).toBe(1);
  });

  test('are fetched again when a receipt names one that is not known', async () => {
    const receipts = verifier();
    await receipts.verify(await sign(payload, key));
    page.keys = [await published(rotated)];
    const jwt = await sign(payload, rotated);
    await expect.poll(() => receipts.verify(jwt), { timeout: 5_000 }).toMatchObject({ verdict: 'valid' });
  });

  test('are fetched again when a new key has the name of the old one', async () => {
    const receipts = verifier();
    await receipts.verify(await sign(payload, key));
    const successor = { ...rotated, kid: key.kid };
    page.keys = [await published(successor)];
    const jwt = await sign(payload, successor);
    await expect.poll(() => receipts.verify(jwt), { timeout: 5_000 }).toMatchObject({ verdict: 'valid' });
  });

  test('are not fetched for each forgery, whatever key it names', async () => {
    const receipts = verifier();
    const jwt = await sign(payload, rotated);
    const startedAt = performance.now();
    for (let i = 0; i < 20; i += 1) await receipts.verify(jwt);
    const seconds = Math.ceil((performance.now() - startedAt) / 1_000);
    expect(page.asked).toBeGreaterThan(0);
    expect(page.asked).toBeLessThanOrEqual(1 + seconds);
  });

  test.for(['error', 'nothing'] as const)(
    'that cannot be had (%s) leave it open whether a receipt is valid',
    async (answer) => {
      page.answer = answer;
      const receipts = verifier({ timeoutMs: 100 });
      const startedAt = performance.now();
      expect(await receipts.verify(await sign(payload, key))).toMatchObject({ verdict: 'unavailable' });
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      page.answer = 'keys';
      await expect
        .poll(async () => receipts.verify(await sign(payload, key)), { timeout: 5_000 })
        .toMatchObject({ verdict: 'valid' });
    },
  );

  test('that cannot be had are asked for once a second, and not for every receipt', async () => {
    page.answer = 'error';
    const receipts = verifier();
    const receipt = await sign(payload, key);
    const before = page.asked;
    for (let i = 0; i < 50; i += 1) await receipts.verify(receipt);
    expect(page.asked - before).toBeLessThan(10);
  });

  test('of a factory that is gone leave it open whether a receipt is valid', async () => {
    const receipts = verifier();
    await close();
    expect(await receipts.verify(await sign(payload, key))).toMatchObject({ verdict: 'unavailable' });
    expect(await receipts.verify('not.a.jwt')).toMatchObject({ verdict: 'invalid' });
  });

  test('go on proving receipts while their factory is away, however old they are, but disprove none', async () => {
    const receipts = verifier({ keysMaxAgeMs: 0 });
    await receipts.verify(await sign(payload, key));
    await close();
    expect(await receipts.verify(await sign(payload, key))).toEqual({ verdict: 'valid', payload });
    expect(await receipts.verify(await sign(payload, rotated))).toMatchObject({ verdict: 'unavailable' });
    expect(await receipts.verify(new UnsecuredJWT({ ...payload }).encode())).toMatchObject({
      verdict: 'invalid',
    });
  });
});
