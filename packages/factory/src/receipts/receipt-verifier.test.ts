import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { serverThat, type TestServer } from '../client/test-server.ts';
import {
  createReceiptVerifier,
  type ReceiptVerifier,
  type ReceiptVerifierOptions,
} from './receipt-verifier.ts';

type FactoryKey = { privateKey: CryptoKey; publicKey: CryptoKey; kid: string };

/** A factory's key page, over real HTTP. `asked`: how often. */
type KeyPage = TestServer & {
  keys: unknown[];
  answer: 'keys' | 'error' | 'nothing' | 'endless';
  asked: number;
  /** Bytes of a page without end that were said. */
  said: number;
  status: number;
  text?: string;
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
let keysFolder: string;
let troubles: Error[];
let clock: number;
beforeEach(async () => {
  const server = await serverThat((_request, reply) => {
    page.asked += 1;
    if (page.answer === 'keys')
      reply.writeHead(page.status).end(page.text ?? JSON.stringify({ keys: page.keys }));
    if (page.answer === 'error') reply.writeHead(503).end();
    if (page.answer === 'endless') pour(reply);
  });
  page = { ...server, keys: [await published(key)], answer: 'keys', asked: 0, said: 0, status: 200 };
  keysFolder = path.join(await mkdtemp(path.join(tmpdir(), 'proofbox-keys-')), 'factory-keys');
  troubles = [];
  clock = Date.now();
});
afterEach(async () => {
  await close();
  await rm(path.dirname(keysFolder), { recursive: true, maxRetries: 9 });
});

const blanks = ' '.repeat(65_536);

function pour(reply: ServerResponse): void {
  const goOn = (): void => {
    do page.said += blanks.length;
    while (!reply.destroyed && reply.write(blanks));
  };
  reply.writeHead(200).on('drain', goOn);
  goOn();
}

function close(): PromiseLike<void> {
  return page[Symbol.asyncDispose]();
}

function verifier(options: Partial<ReceiptVerifierOptions> = {}): ReceiptVerifier {
  return createReceiptVerifier({
    factoryUrl: page.url,
    algorithms: ['RS256'],
    keysFolder,
    onTrouble: (error) => troubles.push(error),
    now: () => clock,
    ...options,
  });
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
    expect(await verifier().verify(await sign(payload, key))).toEqual({ status: 'valid', payload });
  });

  test('without the name of its key is valid where the factory has one key only', async () => {
    const jwt = await new SignJWT({ ...payload }).setProtectedHeader({ alg: 'RS256' }).sign(key.privateKey);
    expect(await verifier().verify(jwt)).toMatchObject({ status: 'valid' });
  });

  test.for(forgeries)('%s is invalid', async ([, forge]) => {
    expect(await verifier().verify(await forge())).toEqual({ status: 'invalid', why: expect.any(String) });
  });
});

describe('the keys', () => {
  test('are fetched once for many receipts', async () => {
    const receipts = verifier();
    const jwt = await sign(payload, key);
    const checks = await Promise.all(Array.from({ length: 10 }, () => receipts.verify(jwt)));
    expect(new Set(checks.map(({ status }) => status))).toEqual(new Set(['valid']));
    await receipts.verify(jwt);
    expect(page.asked).toBe(1);
  });

  test('are fetched again when a receipt names one that is not known', async () => {
    const receipts = verifier();
    await receipts.verify(await sign(payload, key));
    page.keys = [await published(rotated)];
    const jwt = await sign(payload, rotated);
    await expect.poll(() => receipts.verify(jwt), { timeout: 5_000 }).toMatchObject({ status: 'valid' });
  });

  test('are fetched again when a new key has the name of the old one', async () => {
    const receipts = verifier();
    await receipts.verify(await sign(payload, key));
    const successor = { ...rotated, kid: key.kid };
    page.keys = [await published(successor)];
    const jwt = await sign(payload, successor);
    await expect.poll(() => receipts.verify(jwt), { timeout: 5_000 }).toMatchObject({ status: 'valid' });
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

  test.for(['error', 'nothing', 'endless'] as const)(
    'that cannot be had (%s) leave it open whether a receipt is valid',
    async (answer) => {
      page.answer = answer;
      const receipts = verifier({ timeoutMs: 100 });
      const startedAt = performance.now();
      expect(await receipts.verify(await sign(payload, key))).toMatchObject({ status: 'unavailable' });
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      page.answer = 'keys';
      await expect
        .poll(async () => receipts.verify(await sign(payload, key)), { timeout: 5_000 })
        .toMatchObject({ status: 'valid' });
    },
  );

  test('without end are not read to their end', async () => {
    page.answer = 'endless';
    const receipts = verifier({ timeoutMs: 10_000 });
    expect(await receipts.verify(await sign(payload, key))).toMatchObject({ status: 'unavailable' });
    // Beyond the limit only what the kernel had taken in already.
    expect(page.said).toBeGreaterThan(8_000_000);
    expect(page.said).toBeLessThan(30_000_000);
  });

  test.for([302, 404, 500])('on a page with status %i are none', async (status) => {
    page.status = status;
    expect(await verifier().verify(await sign(payload, key))).toMatchObject({ status: 'unavailable' });
  });

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
    expect(await receipts.verify(await sign(payload, key))).toMatchObject({ status: 'unavailable' });
    expect(await receipts.verify('not.a.jwt')).toMatchObject({ status: 'invalid' });
  });

  test('go on proving receipts while their factory is away, however old they are, but disprove none', async () => {
    const receipts = verifier({ keysMaxAgeMs: 0 });
    await receipts.verify(await sign(payload, key));
    await close();
    expect(await receipts.verify(await sign(payload, key))).toEqual({ status: 'valid', payload });
    await eventually(receipts, await sign(payload, rotated)).toMatchObject({ status: 'unavailable' });
    expect(await receipts.verify(new UnsecuredJWT({ ...payload }).encode())).toMatchObject({
      status: 'invalid',
    });
  });
});

/** Verifies until what the factory publishes now is known: it is asked once a second at most. */
function eventually(receipts: ReceiptVerifier, jwt: string) {
  return expect.poll(() => receipts.verify(jwt), { timeout: 5_000 });
}

const valid = { status: 'valid', payload };
const hours = (count: number): number => count * 60 * 60_000;

describe('while a factory changes its keys', () => {
  test('a process that has verified nothing before knows the keys of before', async () => {
    const receipts = verifier();
    await untilKept();
    await rm(keysFolder, { recursive: true });
    page.keys = [await published(rotated)];
    await eventually(receipts, await sign(payload, rotated)).toEqual(valid);
    expect(await receipts.verify(await sign(payload, key))).toEqual(valid);
  });

  test('a factory that is not there yet when a process starts is asked for the first receipt', async () => {
    const jwt = await sign(payload, key);
    page.answer = 'error';
    // Without time that passes, nothing that was asked for is asked for again.
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const receipts = verifier();
      while (page.asked === 0) await immediate();
      page.answer = 'keys';
      await receipts.verify(jwt);
      expect(await receipts.verify(jwt)).toEqual(valid);
    } finally {
      vi.useRealTimers();
    }
  });

  test('each key that fits is tried: without a name, or several under one', async () => {
    const [first, second] = [await published(key), await published(rotated)];
    const ways: [string, JWK[]][] = [
      [
        'two without a name',
        [
          { ...first, kid: undefined! },
          { ...second, kid: undefined! },
        ],
      ],
      ['two of one name', [{ ...second, kid: key.kid }, first]],
      ['one without a name', [{ ...first, kid: undefined! }]],
    ];
    for (const [way, keys] of ways) {
      page.keys = keys;
      const elsewhere = { keysFolder: `${keysFolder}-${way}` };
      const named = await verifier(elsewhere).verify(await sign(payload, key));
      expect([way, named]).toEqual([way, valid]);
    }
    page.keys = [
      { ...first, kid: undefined },
      { ...second, kid: undefined },
    ];
    const nameless = await new SignJWT({ ...payload })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(rotated.privateKey);
    expect(await verifier().verify(nameless)).toEqual(valid);
  });

  test('receipts of before are valid although their key has gone, or its name went to another one', async () => {
    const receipts = verifier();
    const before = await sign(payload, key);
    await receipts.verify(before);
    for (const successor of [rotated, { ...rotated, kid: key.kid }]) {
      page.keys = [await published(successor)];
      await eventually(receipts, await sign(payload, successor)).toEqual(valid);
      expect(await receipts.verify(before)).toEqual(valid);
    }
  });

  test('a key that is not published any more proves receipts for a day, and then no more', async () => {
    const receipts = verifier({ keysMaxAgeMs: 0 });
    const before = await sign(payload, key);
    await receipts.verify(before);
    page.keys = [await published(rotated)];
    await eventually(receipts, await sign(payload, rotated)).toEqual(valid);
    await expect.poll(keptText).toContain('withdrawnAt');
    clock += hours(23.9);
    expect(await receipts.verify(before)).toEqual(valid);
    clock += hours(0.2);
    await eventually(receipts, before).toMatchObject({ status: 'invalid' });
    expect(await verifier().verify(before)).toMatchObject({ status: 'invalid' });
  });

  test('a key that comes back counts as ever', async () => {
    const receipts = verifier({ keysMaxAgeMs: 0 });
    const [jwt, other] = [await sign(payload, key), await sign(payload, rotated)];
    await receipts.verify(jwt);
    page.keys = [await published(rotated)];
    await eventually(receipts, other).toEqual(valid);
    page.keys = [await published(key), await published(rotated)];
    const asked = page.asked;
    await expect
      .poll(async () => (await receipts.verify(other), page.asked), { timeout: 5_000 })
      .toBeGreaterThan(asked);
    clock += hours(48);
    await eventually(receipts, jwt).toEqual(valid);
  });

  test.for<[string, Partial<JWK>]>([
    ['encryption', { use: 'enc' }],
    ['another algorithm', { alg: 'RS512' }],
    ['signing only', { key_ops: ['sign'] }],
  ])('a key that is for %s proves no receipt', async ([, purpose]) => {
    page.keys = [{ ...(await published(key)), ...purpose }, await published(rotated)];
    expect(await verifier().verify(await sign(payload, key))).toMatchObject({ status: 'invalid' });
  });

  test('keys that are not for this are passed over: for encryption, odd, broken, private, not a key', async () => {
    const good = await published(key);
    page.keys = [
      { ...(await published(rotated)), kid: key.kid, use: 'enc' },
      { ...good, alg: 'RS512' },
      { ...good, key_ops: ['encrypt'] },
      { ...good, n: 'AAAA' },
      { ...good, n: 'x'.repeat(1_000_000) },
      { ...good, e: undefined },
      { kty: 'oct', k: 'c2VjcmV0', kid: key.kid },
      { kty: 'OKP', crv: 'X25519', x: 'AAAA', kid: key.kid },
      { kty: 'something', kid: key.kid },
      null,
      'key',
      [],
      { ...(await exportJWK(rotated.privateKey)), kid: key.kid },
      good,
    ];
    expect(await verifier().verify(await sign(payload, key))).toEqual(valid);
    await untilKept();
    expect(await keptText()).not.toContain('"d"');
  });

  test.for<[string, string]>([
    ['an empty set', '{"keys":[]}'],
    ['a set of keys that are no use', '{"keys":[{"kty":"oct","k":"AAAA"}]}'],
    ['a page', '<html>maintenance</html>'],
    ['JSON of another kind', '{"jwks":[]}'],
    ['nothing', ''],
  ])('%s in the place of its keys changes nothing for receipts, and disproves none', async ([, text]) => {
    const receipts = verifier({ keysMaxAgeMs: 0 });
    const jwt = await sign(payload, key);
    await receipts.verify(jwt);
    page.text = text;
    await eventually(receipts, await sign(payload, rotated)).toMatchObject({ status: 'unavailable' });
    clock += hours(48);
    expect(await receipts.verify(jwt)).toEqual(valid);
  });

  test('ten thousand keys are looked through, and only so many are tried', async () => {
    const good = await published(key);
    const others = Array.from({ length: 10_000 }, (_, n) => ({
      ...good,
      n: `${n}${good.n!.slice(5)}`,
      kid: `k${n}`,
    }));
    page.keys = [...others, good];
    const receipts = verifier({ timeoutMs: 10_000 });
    expect(await receipts.verify(await sign(payload, key))).toEqual(valid);
    page.keys = others.map((each) => ({ ...each, kid: undefined }));
    const startedAt = performance.now();
    await eventually(receipts, await sign(payload, rotated)).toMatchObject({ status: 'invalid' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await receipts.verify(await sign(payload, key))).toEqual(valid);
  });
});

describe('by algorithm', () => {
  test.for([
    ['ES256', 'ES256'],
    ['ES384', 'ES384'],
    ['EdDSA', 'Ed25519'],
    ['PS256', 'PS256'],
  ] as const)('%s counts where it may', async ([alg, generated]) => {
    const { privateKey, publicKey } = await generateKeyPair(generated, { extractable: true });
    page.keys.push({ ...(await exportJWK(publicKey)), kid: 'other', alg });
    const jwt = await new SignJWT({ ...payload }).setProtectedHeader({ alg, kid: 'other' }).sign(privateKey);
    expect(await verifier({ algorithms: ['RS256', alg] }).verify(jwt)).toEqual(valid);
    expect(await verifier().verify(jwt)).toMatchObject({ status: 'invalid' });
    page.keys = [{ ...(await exportJWK(publicKey)), kid: 'other', alg: 'RS256' }];
    const elsewhere = { keysFolder: `${keysFolder}-2` };
    expect(await verifier({ algorithms: ['RS256', alg], ...elsewhere }).verify(jwt)).toMatchObject({
      status: 'invalid',
    });
  });

  test('one that does not count is invalid, also while the keys cannot be had', async () => {
    const jwt = await signedWithRs512();
    await close();
    expect(await verifier().verify(jwt)).toMatchObject({ status: 'invalid' });
  });
});

/** The file is there under its name, and nothing beside it. */
function untilKept() {
  return expect
    .poll(() => readdir(keysFolder).catch(() => []), { timeout: 5_000 })
    .toEqual([expect.stringMatching(/^[0-9a-f]{16}\.json$/)]);
}

async function keptText(): Promise<string> {
  const [name = ''] = await readdir(keysFolder);
  return readFile(path.join(keysFolder, name), 'utf8');
}

describe('keys on the disk', () => {
  test('are shared: what one process has seen proves receipts in another', async () => {
    const [before, after] = [await sign(payload, key), await sign(payload, rotated)];
    await verifier().verify(before);
    await untilKept();
    const kept = await keptText();
    page.keys = [await published(rotated)];
    await rm(keysFolder, { recursive: true });
    const other = verifier();
    expect(await other.verify(after)).toEqual(valid);
    await untilKept();
    const [name = ''] = await readdir(keysFolder);
    await writeFile(path.join(keysFolder, name), kept);
    await eventually(other, before).toEqual(valid);
    await expect.poll(keptText).toContain(rotated.kid);
    expect(await keptText()).toContain(key.kid);
  });

  test('let a process that starts while the factory is away verify its receipts', async () => {
    const jwt = await sign(payload, key);
    await verifier().verify(jwt);
    await untilKept();
    await close();
    const restarted = verifier();
    expect(await restarted.verify(jwt)).toEqual(valid);
    expect(await restarted.verify(await sign(payload, rotated))).toMatchObject({ status: 'unavailable' });
  });

  test('are for their owner only, whole, and of one factory each', async () => {
    const previous = process.umask(0);
    try {
      await verifier().verify(await sign(payload, key));
      await untilKept();
    } finally {
      process.umask(previous);
    }
    const [name = ''] = await readdir(keysFolder);
    expect((await stat(keysFolder)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(keysFolder, name))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await keptText())).toEqual({ url: page.url, keys: [{ key: await published(key) }] });
  });

  test.for<[string, (text: string) => string]>([
    ['of another factory', (text) => text.replace('http:', 'https:')],
    ['cut in the middle', (text) => text.slice(0, 100)],
    ['that are no keys', () => '{"keys":{}}'],
    ['that are empty', () => ''],
  ])('%s are ignored, and replaced', async ([, spoil]) => {
    const jwt = await sign(payload, key);
    await verifier().verify(jwt);
    await untilKept();
    const [name = ''] = await readdir(keysFolder);
    const before = await keptText();
    await writeFile(path.join(keysFolder, name), spoil(before));
    page.answer = 'error';
    expect(await verifier().verify(jwt)).toMatchObject({ status: 'unavailable' });
    page.answer = 'keys';
    expect(await verifier().verify(jwt)).toEqual(valid);
    await expect.poll(keptText).toBe(before);
  });

  test('that cannot be written are told of, and verify all the same', async () => {
    await writeFile(keysFolder, 'a file where the folder should be');
    expect(await verifier().verify(await sign(payload, key))).toEqual(valid);
    await expect.poll(() => troubles).toHaveLength(1);
  });

  test('withdrawn while nobody looked count for a day from when it is noticed', async () => {
    const jwt = await sign(payload, key);
    await verifier().verify(jwt);
    await untilKept();
    page.keys = [await published(rotated)];
    clock += hours(1_000);
    expect(await verifier().verify(await sign(payload, rotated))).toEqual(valid);
    await expect.poll(keptText).toContain('withdrawnAt');
    clock += hours(23);
    expect(await verifier().verify(jwt)).toEqual(valid);
    clock += hours(2);
    expect(await verifier().verify(jwt)).toMatchObject({ status: 'invalid' });
  });
});
