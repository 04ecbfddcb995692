import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartError } from '@proofbox/runtime';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** `publicJwk` is `{kty,kid,e,n}`. */
export type FactoryKey = {
  kid: string;
  bits: number;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  publicJwk: JWK;
};

/**
 * The factory's key, from a JWK or PEM file. When there is no file, a new RSA key is written there as JWK,
 * readable by its owner only. Several processes may do this at once: all of them end up with the same key.
 * @throws StartError when the file holds no RSA private key of at least 2048 bits
 */
export async function loadOrCreateKey(file: { path: string; bits: number }): Promise<FactoryKey> {
  const text = (await readIfThere(file.path)) ?? (await createKeyFile(file));
  try {
    return await parseKey(text);
  } catch {
    throw new StartError(
      `KEY_FILE ${file.path} holds no RSA private key of at least 2048 bits as JWK or PEM: mend it, or remove it to get a new one.`,
    );
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new StartError(`KEY_FILE ${path} cannot be read: ${codeOf(error)}.`);
  }
}

/** The whole file is there first and gets its name second: `link` refuses when another process was faster. */
async function createKeyFile({ path, bits }: { path: string; bits: number }): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: bits, extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomBytes(32).toString('base64url') };
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, `${JSON.stringify(jwk, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await link(draft, path).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new StartError(`KEY_FILE ${path} cannot be written: ${codeOf(error)}.`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function parseKey(text: string): Promise<FactoryKey> {
  const { key, kid: namedKid } = readPrivateKey(text);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048) throw new Error('not an RSA key of 2048 bits or more');
  const { kty, e, n } = createPublicKey(key).export({ format: 'jwk' }) as {
    kty: string;
    e: string;
    n: string;
  };
  const kid = namedKid ?? (await calculateJwkThumbprint({ kty, e, n }));
  return {
    kid,
    bits,
    privateKey: (await importJWK(key.export({ format: 'jwk' }) as JWK, 'RS256')) as CryptoKey,
    publicKey: (await importJWK({ kty, e, n }, 'RS256')) as CryptoKey,
    publicJwk: { kty, kid, e, n },
  };
}

function readPrivateKey(text: string): { key: KeyObject; kid?: string } {
  if (text.trimStart().startsWith('-----BEGIN')) return { key: createPrivateKey(text) };
  const jwk = JSON.parse(text) as JWK;
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  return { key, ...(jwk.kid !== undefined && { kid: jwk.kid }) };
}

function hasCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
