import { createHash, timingSafeEqual } from 'node:crypto';
import type { Diner, ProblemError } from '@proofbox/contract';
import { refusal } from '@proofbox/runtime';
import { jwtVerify } from 'jose/jwt/verify';
import { dinerOf } from './token-diner.ts';

/** Who posts orders: a diner with the shop's login token, or an order service with an API key of ours. */
export type Customer =
  /** `session` is a hash of the token: the same browser login, not the same person on two devices. */
  { kind: 'diner'; diner: Diner; session: string } | { kind: 'service'; key: string };

export type Authenticate = (authorization: string | undefined) => Promise<Customer>;

/** Reads who is asking from the Authorization header. @throws ProblemError 401 */
export function createAuthenticate(options: { jwtSecret: string; vendorApiKeys: string[] }): Authenticate {
  const secret = new TextEncoder().encode(options.jwtSecret);
  const keys = options.vendorApiKeys.map(sha256);

  return async (authorization) => {
    const token = bearerOf(authorization);
    if (token === undefined) throw unauthorized('Log in first: send Authorization: Bearer <token>.');
    const hash = sha256(token);
    if (keys.some((key) => timingSafeEqual(key, hash))) return { kind: 'service', key: hash.toString('hex') };
    // The algorithm is pinned: a token that names another one, or none, is not ours.
    const verified = await jwtVerify(token, secret, { algorithms: ['HS256'] }).catch(() => undefined);
    const diner = verified && dinerOf(token, verified.payload);
    if (diner === undefined)
      throw unauthorized(
        'This token is not valid: log in again, or, as an order service, use one of the VENDOR_API_KEYS.',
      );
    return { kind: 'diner', diner, session: hash.toString('hex') };
  };
}

/** The token of `Authorization: Bearer <token>`, if there is one. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

export function unauthorized(detail: string): ProblemError {
  return refusal(401, detail, { 'WWW-Authenticate': 'Bearer' });
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
