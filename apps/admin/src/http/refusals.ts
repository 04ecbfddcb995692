import type { ProblemError } from '@proofbox/contract';
import type { Role } from '@proofbox/contract/admin';
import { refusal } from '@proofbox/runtime';

/** The refusal of a server whose tokens are not set up: nobody can sign in. */
export const nobodyCan =
  'Nobody can sign in here yet: make a token with `proofbox token new`, put the line it prints into ADMIN_TOKENS, and restart the admin server.';

/** What is said where AUTH_JWT_SECRET is long enough for diners, and too short for admins. */
export const shopAdminsCannot =
  'No admin of the shop can sign in here: AUTH_JWT_SECRET has fewer than 32 characters. Tokens of ADMIN_TOKENS still work.';

/** @param detail what to do, as text */
export function unauthorized(detail: string): ProblemError {
  return refusal(401, detail, { 'WWW-Authenticate': 'Bearer' });
}

export function roleTooLow(needed: Role, has: Role): ProblemError {
  return refusal(403, `This needs the role ${needed}; you are ${has}.`);
}

export function otherSite(): ProblemError {
  return refusal(403, 'This request came from a page of another site, so the admin server refused it.');
}

export function tooManyFailures(seconds: number): ProblemError {
  return refusal(429, `Too many invalid tokens. Try again in ${seconds} s.`, {
    'Retry-After': String(seconds),
  });
}

export function notFound(detail: string): ProblemError {
  return refusal(404, detail);
}

export function redisDoesNotAnswer(): ProblemError {
  return refusal(
    503,
    'Redis does not answer, so orders cannot be read or changed now. Ingest still accepts orders as long as it has room on its disk. Try again in a few seconds; a change that you asked for may have been made.',
    { 'Retry-After': '5' },
  );
}

/** @param why a sentence */
export function redisRefuses(why: string): ProblemError {
  return refusal(503, `${why} Until then orders cannot be read or changed.`, { 'Retry-After': '30' });
}

export function notJson(): ProblemError {
  return refusal(415, 'Send JSON with Content-Type: application/json; send {} if there are no fields.');
}
