import { receiptPayload, type ReceiptPayload } from '@proofbox/contract';
import { compactVerify, createRemoteJWKSet, decodeProtectedHeader, errors } from 'jose';

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
};

/**
 * Verifies receipts against one factory's published keys: cached, fetched again on an unknown `kid` or when a
 * known `kid` does not fit any more, at most once a second. The factory writes `exp` and `iss` into the header,
 * where they mean nothing, so only the signature and the payload's shape are checked.
 */
export function createReceiptVerifier(options: ReceiptVerifierOptions): ReceiptVerifier {
  const keys = createRemoteJWKSet(new URL(`${options.factoryUrl}/.well-known/jwks.json`), {
    timeoutDuration: options.timeoutMs ?? 1_000,
    cooldownDuration: 1_000,
    cacheMaxAge: 10 * 60_000,
  });

  async function verifySignature(jwt: string): Promise<Uint8Array> {
    const check = () => compactVerify(jwt, keys, { algorithms: options.algorithms });
    try {
      return (await check()).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed) || keys.coolingDown) throw error;
      await keys.reload();
      return (await check()).payload;
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
