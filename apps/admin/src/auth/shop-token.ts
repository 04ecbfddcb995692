import { idValue, wellFormed } from '@proofbox/contract';
import { jwtVerify } from 'jose/jwt/verify';
import { z } from 'zod';

/** In characters, as RFC 7518 asks for with HS256. Who finds a shorter one by trying could sign tokens of an admin. */
const shortestSecret = 32;

/** The shop's secret where it may open the console; undefined where there is none, or only one that is too short. */
export function secretOfConsole(secret: string | undefined): string | undefined {
  return secret !== undefined && secret.length >= shortestSecret ? secret : undefined;
}

/** Of whom the shop itself says that they are an admin. `endsAt`: when the token does, in ms since the epoch. */
export type ShopAdmin = { name: string; endsAt?: number };

const shopAdmin = z.object({
  id: idValue,
  name: z.string().optional(),
  roles: z.array(z.looseObject({ role: z.string() })),
  exp: z.number().optional(),
});

/**
 * Who it is that shows a login token of the shop; undefined for a token that is not valid, or of a user who is no
 * admin there. The shop can revoke a token before its end, and only it knows: here the token stays good.
 */
export async function readShopToken(token: string, secret: Uint8Array): Promise<ShopAdmin | undefined> {
  // The algorithm is pinned: a token that names another one, or none, is not the shop's.
  const verified = await jwtVerify(token, secret, { algorithms: ['HS256'] }).catch(() => undefined);
  const parsed = shopAdmin.safeParse(verified?.payload);
  if (!parsed.success || !parsed.data.roles.some(({ role }) => role === 'admin')) return undefined;
  const { id, name, exp } = parsed.data;
  return { name: nameOf(id, name), ...(exp !== undefined && { endsAt: exp * 1_000 }) };
}

/**
 * With the id, because everybody chooses their name in the shop themselves, and nobody must pass for somebody else in
 * the audit log. A name that is an e-mail is none.
 */
function nameOf(id: string | number, name = ''): string {
  const shown = wellFormed(name.replaceAll(/[\p{C}\s]+/gu, ' ').trim(), 64);
  return shown === '' || shown.includes('@') ? `shop admin ${id}` : `${shown} (shop admin ${id})`;
}
