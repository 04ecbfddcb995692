import { createHash, randomBytes } from 'node:crypto';

/** The roles of the admin API, from the one that may do least. */
export type AdminRole = 'viewer' | 'operator' | 'admin';

/** A token for each role that somebody has. */
export type AdminTokens = Partial<Record<AdminRole, string>>;

export function newAdminToken(): string {
  return `pbx_${randomBytes(32).toString('base64url')}`;
}

/** ADMIN_TOKENS with an entry for each role that has a token, named like it; undefined where none has. */
export function adminTokensSetting(tokens: AdminTokens): string | undefined {
  const entries = Object.entries(tokens).map(([role, token]) =>
    adminTokenEntry(role, role as AdminRole, token),
  );
  return entries.length === 0 ? undefined : entries.join(',');
}

/** What ADMIN_TOKENS has for one token. */
export function adminTokenEntry(name: string, role: AdminRole, token: string): string {
  return `${name}:${role}:${sha256(token)}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
