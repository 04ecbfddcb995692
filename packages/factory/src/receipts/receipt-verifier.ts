import { receiptPayload, type ReceiptPayload } from '@proofbox/contract';
import { decodeProtectedHeader } from 'jose/decode/protected_header';
import { compactVerify } from 'jose/jws/compact/verify';
import { parseJson } from '../parse-json.ts';
import { FactoryKeys } from './factory-keys.ts';
import { keysToTry } from './key-set.ts';
import type { ReceiptAlgorithm } from './public-key.ts';

/** `unavailable`: the factory's keys could not be had, so nothing can be said about the receipt. */
export type ReceiptCheck =
  | { status: 'valid'; payload: ReceiptPayload }
  | { status: 'invalid'; why: string }
  | { status: 'unavailable'; why: string };

export type ReceiptVerifier = { verify(jwt: string): Promise<ReceiptCheck> };

export type ReceiptVerifierOptions = {
  /** The factory's base URL; its keys are at `/.well-known/jwks.json`. */
  factoryUrl: string;
  /** Signature algorithms that count. */
  algorithms: readonly ReceiptAlgorithm[];
  /** Where its keys are kept between runs. */
  keysFolder: string;
  /** Its keys could not be kept. */
  onTrouble: (error: Error) => void;
  /** How long fetching the keys may take. */
  timeoutMs?: number;
  /** Keys older than this are fetched again. */
  keysMaxAgeMs?: number;
  /** ms since the epoch */
  now?: () => number;
};

/**
 * Verifies receipts against one factory's published keys. Keys that are known prove a receipt at once, also while the
 * factory is away; they disprove none before the factory was asked anew. It is asked at once, and then at most once a
 * second. The factory writes `exp` and `iss` into the header, where they mean nothing, so only the signature and the payload's shape are
 * checked.
 */
export function createReceiptVerifier(options: ReceiptVerifierOptions): ReceiptVerifier {
  const { algorithms, timeoutMs = 1_000, keysMaxAgeMs = 10 * 60_000, now = Date.now } = options;
  const keys = new FactoryKeys({
    factoryUrl: options.factoryUrl,
    folder: options.keysFolder,
    onTrouble: options.onTrouble,
    timeoutMs,
    maxAgeMs: keysMaxAgeMs,
    now,
  });
  void keys.prefetch();

  /** @returns what it says, if a key that is known has signed it */
  async function prove(jwt: string, header: { alg: ReceiptAlgorithm; kid: string | undefined }) {
    for (const key of keysToTry(keys.known, { ...header, now: now() })) {
      // Whatever is wrong with a key or with the receipt: this key has not signed it.
      const proven = await compactVerify(jwt, key, { algorithms: [...algorithms] }).catch(() => undefined);
      if (proven) return new TextDecoder().decode(proven.payload);
    }
    return undefined;
  }

  return {
    async verify(jwt) {
      const header = headerOf(jwt);
      if (header === undefined) return { status: 'invalid', why: 'not a JWT' };
      const alg = algorithms.find((each) => each === header.alg);
      if (alg === undefined)
        return { status: 'invalid', why: 'signed with an algorithm that does not count' };
      const wanted = { alg, kid: header.kid };

      const proven = await prove(jwt, wanted);
      if (proven !== undefined) {
        if (keys.isStale) void keys.refresh();
        return readPayload(proven);
      }
      const areFresh = await keys.refresh();
      const provenNow = await prove(jwt, wanted);
      if (provenNow !== undefined) return readPayload(provenNow);
      return areFresh
        ? { status: 'invalid', why: 'no key of the factory has signed it' }
        : { status: 'unavailable', why: 'the keys of the factory could not be fetched' };
    },
  };
}

function headerOf(jwt: string): { alg: string; kid: string | undefined } | undefined {
  try {
    const { alg, kid } = decodeProtectedHeader(jwt);
    return typeof alg === 'string' ? { alg, kid: typeof kid === 'string' ? kid : undefined } : undefined;
  } catch {
    return undefined;
  }
}

function readPayload(text: string): ReceiptCheck {
  const parsed = receiptPayload.safeParse(parseJson(text));
  return parsed.success
    ? { status: 'valid', payload: parsed.data }
    : { status: 'invalid', why: 'the payload names no order' };
}
