import { createHash, randomBytes } from 'node:crypto';

/** The roles of the admin API, from the one that may do least. */
export type AdminRole = 'viewer' | 'operator' | 'admin';

/** A token for each role. */
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

/**
 * The user's own ADMIN_TOKENS, and behind them the entry that lets `token` in, where they have none for it. It is named
 * `admin`, or `npm-start` where they have another `admin`.
 */
export function withAdminToken(theirs: string | undefined, token: string): string {
  const entries = (theirs ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (entries.some((each) => each.toLowerCase().endsWith(`:${sha256(token)}`))) return entries.join(',');
  const name = entries.some((each) => each.startsWith('admin:')) ? 'npm-start' : 'admin';
  return [...entries, adminTokenEntry(name, 'admin', token)].join(',');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
