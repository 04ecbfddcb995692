import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '@proofbox/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadOrCreateKey } from './key-file.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'factory-key-'));
  path = join(directory, 'key');
});
afterEach(() => rm(directory, { recursive: true }));

test('a missing key is made, for its owner only, and is the same at the next start', async () => {
  const first = await loadOrCreateKey({ path, bits: 2048 });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(first.kid).toMatch(/^[\w-]{43}$/);
  expect((await loadOrCreateKey({ path, bits: 4096 })).publicJwk).toEqual(first.publicJwk);
});

test('a missing folder is made, too', async () => {
  const deep = join(directory, 'not', 'there', 'key');
  await expect(loadOrCreateKey({ path: deep, bits: 2048 })).resolves.toMatchObject({ bits: 2048 });
});

test('processes that start at once on a missing key all get the same one, and leave no draft', async () => {
  const module = join(import.meta.dirname, 'key-file.ts');
  const script = `
    import { loadOrCreateKey } from ${JSON.stringify(module)};
    console.log((await loadOrCreateKey({ path: ${JSON.stringify(path)}, bits: 2048 })).kid);
  `;
  const run = promisify(execFile);
  const outputs = await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '--eval', script])),
  );
  const { kid } = JSON.parse(await readFile(path, 'utf8')) as { kid: string };
  expect(outputs.map(({ stdout }) => stdout.trim())).toEqual([kid, kid, kid]);
  expect(await readdir(directory)).toEqual(['key']);
});

test.each(['pkcs1', 'pkcs8'] as const)(
  'a PEM key (%s) is taken, with its thumbprint as kid',
  async (type) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(path, privateKey.export({ type, format: 'pem' }));
    const key = await loadOrCreateKey({ path, bits: 4096 });
    expect(key.publicJwk['n']).toBe(privateKey.export({ format: 'jwk' })['n']);
    expect((await loadOrCreateKey({ path, bits: 4096 })).kid).toBe(key.kid);
  },
);

test.each([
  ['is no key', 'once upon a time'],
  ['is empty', ''],
  ['is too short', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
  ['is of another sort', generateKeyPairSync('ed25519').privateKey],
])('a file that %s is left alone and named in one clear line', async (_what, content) => {
  const text = typeof content === 'string' ? content : content.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(path, text);
  const refusal = loadOrCreateKey({ path, bits: 2048 });
  await expect(refusal).rejects.toThrow(StartError);
  await expect(refusal).rejects.toThrow(`KEY_FILE ${path}`);
  expect(await readFile(path, 'utf8')).toBe(text);
});
