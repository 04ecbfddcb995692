import type { JWK } from 'jose';
import { z } from 'zod';

/** Signature algorithms that a receipt may have, and what a key for each has to be. All are asymmetric. */
const keyTypes = {
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
} as const satisfies Record<string, { kty: string; crv?: string }>;

export type ReceiptAlgorithm = keyof typeof keyTypes;
const receiptAlgorithms = Object.keys(keyTypes) as ReceiptAlgorithm[];

/** A setting of which of them count. */
export const receiptAlgorithmList = z
  .array(z.enum(receiptAlgorithms, { error: `expected a list of ${receiptAlgorithms.join(', ')}` }))
  .min(1, 'expected at least one algorithm, such as RS256');

/** A number of 16,384 bits, the longest that OpenSSL takes. */
const number = z.string().max(2_731);
const text = z.string().max(500).optional().catch(undefined);

/** The public part of a JSON Web Key that signs; all else of it is dropped. */
export const publicKey = z
  .object({
    kty: z.enum(['RSA', 'EC', 'OKP']),
    use: z.literal('sig').optional(),
    key_ops: z.array(z.string()).optional(),
    kid: text,
    alg: text,
    crv: text,
    n: number.optional(),
    e: number.optional(),
    x: number.optional(),
    y: number.optional(),
  })
  .refine(({ key_ops }) => key_ops === undefined || key_ops.includes('verify'))
  .transform(({ use: _use, key_ops: _operations, ...key }) => key as PublicKey);
export type PublicKey = JWK & { kty: 'RSA' | 'EC' | 'OKP' };

/** Whether it can have signed under this algorithm. */
export function fitsAlgorithm({ kty, crv, alg }: PublicKey, algorithm: ReceiptAlgorithm): boolean {
  const wanted: { kty: string; crv?: string } = keyTypes[algorithm];
  return (
    kty === wanted.kty && (wanted.crv === undefined || crv === wanted.crv) && (alg ?? algorithm) === algorithm
  );
}
