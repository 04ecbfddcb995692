import { receiptPayload, type ReceiptPayload } from '@proofbox/contract';
import {
  compactVerify,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  errors,
  type CompactVerifyGetKey,
} from 'jose';

/** `unavailable`: the factory's keys could not be had, so nothing can be said about the receipt. */
export type ReceiptCheck =
  | { verdict: 'valid'; payload: ReceiptPayload }
  | { verdict: 'invalid'; why: string }
  | { verdict: 'unavailable'; why: string };

export type ReceiptVerifier = { verify(jwt: string): Promise<ReceiptCheck> };

export type ReceiptVerifierOptions = {
  /** The factory's base URL; its keys are at `/.well-known/jwks.json`. */
  factoryUrl: string;
  /** Signature algorithms that count, such as `RS256`. */
  algorithms: string[];
  /** How long fetching the keys may take. */
  timeoutMs?: number;
  /** Keys older than this are fetched again before they are used. */
  keysMaxAgeMs?: number;
};

/**
 * Verifies receipts against one factory's published keys: cached, fetched again on an unknown `kid` or when a
 * known `kid` does not fit any more, at most once a second. While they cannot be fetched, the keys of before go on
 * proving receipts: an outage of the factory does not make its receipts unreadable. The factory writes `exp` and `iss` into the header,
 * where they mean nothing, so only the signature and the payload's shape are checked.
 */
export function createReceiptVerifier(options: ReceiptVerifierOptions): ReceiptVerifier {
  const keys = createRemoteJWKSet(new URL(`${options.factoryUrl}/.well-known/jwks.json`), {
    timeoutDuration: options.timeoutMs ?? 1_000,
    cooldownDuration: 1_000,
    cacheMaxAge: options.keysMaxAgeMs ?? 10 * 60_000,
    [customFetch]: fetchWithCooldown(1_000),
  });

  async function check(jwt: string, by: CompactVerifyGetKey): Promise<Uint8Array> {
    return (await compactVerify(jwt, by, { algorithms: options.algorithms })).payload;
  }

  async function checkByCurrentKeys(jwt: string): Promise<Uint8Array> {
    try {
      return await check(jwt, keys);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed) || keys.coolingDown) throw error;
      await keys.reload();
      return check(jwt, keys);
    }
  }

  async function verifySignature(jwt: string): Promise<Uint8Array> {
    try {
      return await checkByCurrentKeys(jwt);
    } catch (error) {
      const known = keys.jwks();
      if (isAboutTheReceipt(error) || known === undefined) throw error;
      // The keys of before can prove a receipt, but not disprove one: the factory may have others by now.
      return await check(jwt, createLocalJWKSet(known)).catch(() => {
        throw error;
      });
    }
  }

  return {
    async verify(jwt) {
      if (!looksLikeJwt(jwt)) return { verdict: 'invalid', why: 'not a JWT' };
      try {
        const text = new TextDecoder().decode(await verifySignature(jwt));
        const parsed = receiptPayload.safeParse(parseJson(text));
        return parsed.success
          ? { verdict: 'valid', payload: parsed.data }
          : { verdict: 'invalid', why: 'the payload names no order' };
      } catch (error) {
        return isAboutTheReceipt(error)
          ? { verdict: 'invalid', why: error.code }
          : { verdict: 'unavailable', why: 'the keys of the factory could not be fetched' };
      }
    },
  };
}

/** jose's own cooldown counts from the last success: a factory that is sick would be asked for every receipt. */
function fetchWithCooldown(cooldownMs: number): typeof fetch {
  let failedAt = -Infinity;
  return async (...request) => {
    if (performance.now() - failedAt < cooldownMs)
      throw new Error('the keys could not be fetched a moment ago');
    try {
      const reply = await fetch(...request);
      if (!reply.ok) failedAt = performance.now();
      return reply;
    } catch (error) {
      failedAt = performance.now();
      throw error;
    }
  };
}

function looksLikeJwt(jwt: string): boolean {
  try {
    return typeof decodeProtectedHeader(jwt).alg === 'string';
  } catch {
    return false;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type AboutTheReceipt =
  | errors.JWSInvalid
  | errors.JWSSignatureVerificationFailed
  | errors.JWKSNoMatchingKey
  | errors.JWKSMultipleMatchingKeys
  | errors.JOSEAlgNotAllowed
  | errors.JOSENotSupported;

function isAboutTheReceipt(error: unknown): error is AboutTheReceipt {
  return (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported
  );
}
