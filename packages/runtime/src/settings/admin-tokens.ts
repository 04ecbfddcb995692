import { createHash, randomBytes } from 'node:crypto';
import { role, roles, type Role } from '@proofbox/contract/admin';

/** One entry of ADMIN_TOKENS. Of the token itself only its SHA-256 is known. */
export type AdminToken = { name: string; role: Role; hash: Buffer };

/** What a list of tokens says, and one line for each entry that says nothing. No line repeats what an entry holds. */
export type ReadTokens = { tokens: AdminToken[]; problems: string[] };

const nameShape = /^[\w.@-]{1,64}$/;
const whatANameIs = 'a name of 1 to 64 letters, digits and . _ @ -';
const hashShape = /^[0-9a-f]{64}$/i;

/** A token that nobody can guess: `pbx_` and 43 characters. It is shown once and kept by its owner. */
export function newToken(): string {
  return `pbx_${randomBytes(32).toString('base64url')}`;
}

/**
 * The entry of ADMIN_TOKENS that lets a token in: `name:role:sha256`.
 * @throws RangeError in one line for a name that cannot stand in such an entry
 */
export function adminTokenEntry(input: { name: string; role: Role; token: string }): string {
  if (!nameShape.test(input.name)) throw new RangeError(`expected ${whatANameIs}`);
  return `${input.name}:${input.role}:${hashOf(input.token).toString('hex')}`;
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Reads the entries of ADMIN_TOKENS. Entries are counted from 1. */
export function readAdminTokens(entries: readonly string[]): ReadTokens {
  const read: ReadTokens = { tokens: [], problems: [] };
  for (const [i, text] of entries.entries()) {
    const entry = readEntry(text);
    const problem = typeof entry === 'string' ? entry : clashWith(read.tokens, entry);
    if (problem !== undefined) read.problems.push(`entry ${i + 1}: ${problem}`);
    else read.tokens.push(entry as AdminToken);
  }
  return read;
}

function readEntry(text: string): AdminToken | string {
  const parts = text.split(':');
  if (parts.length !== 3) {
    return 'expected name:role:sha256, as `proofbox token new` prints it';
  }
  const [name = '', roleName = '', hash = ''] = parts;
  if (!nameShape.test(name)) return `expected ${whatANameIs}`;
  const known = role.safeParse(roleName);
  if (!known.success) return `expected a role: ${roles.join(', ')}`;
  if (!hashShape.test(hash)) {
    return 'expected the SHA-256 of the token, 64 hexadecimal digits, as `proofbox token new` prints it';
  }
  return { name, role: known.data, hash: Buffer.from(hash, 'hex') };
}

function clashWith(others: readonly AdminToken[], { name, hash }: AdminToken): string | undefined {
  if (others.some((other) => other.name === name)) return 'another entry has the same name';
  if (others.some((other) => other.hash.equals(hash))) return 'another entry has the same token';
  return undefined;
}
