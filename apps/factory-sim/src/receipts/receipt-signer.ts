import { CompactSign, compactVerify, generateKeyPair } from 'jose';
import type { FactoryKey } from './key-file.ts';
import type { Vendor } from '../http/vendors.ts';

/** What a receipt says. Diner and order as they were sent. */
export type Receipt = { vendor: Vendor; diner: unknown; order: unknown };

export type ReceiptSigner = {
  /** `{"keys":[{kty,kid,e,n}]}`, without `alg` and `use`, as the real one publishes it. */
  jwks: { keys: object[] };
  /** A JWT that verifies against `jwks`. */
  sign(receipt: Receipt): Promise<string>;
  /** A JWT that looks like a signed one, names our `kid`, and was signed by another key. */
  forge(receipt: Receipt): Promise<string>;
  /** Makes the other key, which takes up to some seconds with 4096 bits. */
  prepareForgery(): Promise<void>;
  /** The receipt in a JWT of ours; `undefined` for any other text. */
  verify(jwt: string): Promise<unknown>;
};

const validForSeconds = 24 * 60 * 60;

/** Signs and verifies. Signatures are made on the thread pool: they are what an order costs. */
export function createReceiptSigner(key: FactoryKey): ReceiptSigner {
  let forgingKey: Promise<CryptoKey> | undefined;

  /** `iat`, `exp` and `iss` stand in the header because that is where the real factory writes them. */
  function signWith(privateKey: CryptoKey, receipt: Receipt): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    return new CompactSign(new TextEncoder().encode(JSON.stringify(receipt)))
      .setProtectedHeader({
        iat,
        exp: iat + validForSeconds,
        iss: 'cs329.click',
        alg: 'RS256',
        kid: key.kid,
      })
      .sign(privateKey);
  }

  function otherKey(): Promise<CryptoKey> {
    forgingKey ??= generateKeyPair('RS256', { modulusLength: key.bits }).then((pair) => pair.privateKey);
    return forgingKey;
  }

  return {
    jwks: { keys: [key.publicJwk] },
    sign: (receipt) => signWith(key.privateKey, receipt),
    forge: async (receipt) => signWith(await otherKey(), receipt),
    async prepareForgery() {
      await otherKey();
    },
    async verify(jwt) {
      try {
        const { payload } = await compactVerify(jwt, key.publicKey, { algorithms: ['RS256'] });
        return JSON.parse(new TextDecoder().decode(payload)) as unknown;
      } catch {
        return undefined;
      }
    },
  };
}
