import { createHash } from 'node:crypto';
import { wellFormed, idValue, isExactNumber, type Diner } from '@proofbox/contract';

/**
 * Who a login token of the shop speaks of. Whatever the shop wrote into it, its diner can order: a name or an e-mail
 * that cannot be carried is cut or left out. The id says whose an order is. Cut or rounded it could be another diner's,
 * so in place of one that cannot be carried stands a text that belongs to it alone.
 * @param token one whose signature holds, with `claims` in it
 * @returns undefined where it names no diner
 */
export function dinerOf(token: string, { id, name, email }: Record<string, unknown>): Diner | undefined {
  const carried = typeof id === 'number' ? numberAsId(id, token) : textAsId(id);
  return carried === undefined ? undefined : { id: carried, name: shown(name), email: shown(email) };
}

function numberAsId(id: number, token: string): Diner['id'] | undefined {
  if (Number.isSafeInteger(id) && !Object.is(id, -0)) return id;
  const written = idWrittenIn(token);
  return isExactNumber(written) && idValue.safeParse(id).success ? id : textAsId(written);
}

/** The digits of a numeric id, as they stand in the token. */
function idWrittenIn(token: string): string {
  const claims = Buffer.from(token.split('.')[1]!, 'base64url').toString();
  const written = JSON.parse(claims, (_name, value: unknown, read?: { source?: string }) =>
    typeof value === 'number' ? read?.source : value,
  ) as { id: string };
  return written.id;
}

function textAsId(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return undefined;
  const isCarried = id.isWellFormed() && !id.includes('\0') && idValue.safeParse(id).success;
  return isCarried ? id : `sha256:${createHash('sha256').update(id, 'utf16le').digest('base64url')}`;
}

/** Longer than any real name or e-mail. */
const mostCharacters = 320;

function shown(text: unknown): string | undefined {
  return typeof text === 'string' ? wellFormed(text, mostCharacters).replaceAll('\0', '\uFFFD') : undefined;
}
