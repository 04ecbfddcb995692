import { SignJWT } from 'jose';

/** Who a token is for. */
export type TokenDiner = { id: number | string; name?: string; email?: string };

/** A token as jwt-pizza-service makes it: HS256 over `{id, name, email, roles: [{role: 'diner'}], iat}`, without an expiry. */
export async function signDinerToken(diner: TokenDiner, authSecret: string): Promise<string> {
  return new SignJWT({ ...diner, roles: [{ role: 'diner' }] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .sign(new TextEncoder().encode(authSecret));
}
