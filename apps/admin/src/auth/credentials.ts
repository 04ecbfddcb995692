import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Role } from '@proofbox/contract/admin';
import { hashOf, type AdminToken } from '@proofbox/runtime/admin-tokens';
import { readShopToken } from './shop-token.ts';

/** A caller whose token was accepted. */
export type Identity = {
  name: string;
  role: Role;
  /** What let them in: a session ends once this is refused. It does not reveal the token. */
  proof: string;
  /** When the token itself ends, in ms since the epoch. */
  endsAt?: number;
};

export type Credentials = {
  /** False where no token at all could let anybody in. */
  canLetIn: boolean;
  /** Whose token it is; undefined for nobody's. */
  identify(token: string): Promise<Identity | undefined>;
  /** The same person by what had let them in, if it still does. */
  renew(identity: Identity): Identity | undefined;
};

/** Those who may use the admin API: holders of ADMIN_TOKENS, and the shop's admins where its secret is known. */
export function createCredentials(input: {
  tokens: readonly AdminToken[];
  jwtSecret: string | undefined;
}): Credentials {
  const { tokens, jwtSecret } = input;
  const secret = jwtSecret === undefined ? undefined : new TextEncoder().encode(jwtSecret);
  const shopProof = jwtSecret === undefined ? undefined : `shop:${fingerprintOf(jwtSecret)}`;

  return {
    canLetIn: tokens.length > 0 || secret !== undefined,
    async identify(token) {
      const known = holderOf(tokens, hashOf(token));
      if (known) return toIdentity(known);
      if (secret === undefined || shopProof === undefined) return undefined;
      const admin = await readShopToken(token, secret);
      return admin && { ...admin, role: 'admin', proof: shopProof };
    },
    renew(identity) {
      if (identity.proof === shopProof) return identity;
      const known = tokens.find((each) => proofOf(each) === identity.proof);
      return known && toIdentity(known);
    },
  };
}

/** Compares with every entry, whether or not one fits, so that the time it takes reveals nothing. */
function holderOf(tokens: readonly AdminToken[], hash: Buffer): AdminToken | undefined {
  let found: AdminToken | undefined;
  for (const each of tokens) if (timingSafeEqual(each.hash, hash)) found = each;
  return found;
}

function toIdentity(token: AdminToken): Identity {
  return { name: token.name, role: token.role, proof: proofOf(token) };
}

function proofOf({ hash }: AdminToken): string {
  return `token:${hash.toString('hex')}`;
}

/** Says which secret it is, and nothing about it. */
function fingerprintOf(secret: string): string {
  return createHmac('sha256', secret).update('proofbox admin session').digest('hex');
}
