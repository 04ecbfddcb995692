import { ProblemError } from '@proofbox/contract';
import type { Role } from '@proofbox/contract/admin';

/** What somebody is told who cannot be let in, where nobody can. */
export const nobodyCan =
  'Nobody can sign in here yet: make a token with `proofbox token new`, put the line it prints into ADMIN_TOKENS, and restart the admin server.';

/** What is said where AUTH_JWT_SECRET is long enough for diners, and too short for admins. */
export const shopAdminsCannot =
  'No admin of the shop can sign in here: AUTH_JWT_SECRET has fewer than 32 characters. Tokens of ADMIN_TOKENS let in all the same.';

/** @param detail what to do, in words */
export function unauthorized(detail: string): ProblemError {
  return new ProblemError({
    status: 401,
    title: 'Unauthorized',
    detail,
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

export function roleTooLow(needed: Role, has: Role): ProblemError {
  return new ProblemError({
    status: 403,
    title: 'Forbidden',
    detail: `This needs the role ${needed}; you are ${has}.`,
  });
}

export function otherSite(): ProblemError {
  return new ProblemError({
    status: 403,
    title: 'Forbidden',
    detail: 'This came from a page of another site, so it was not done.',
  });
}

export function tooManyFailures(seconds: number): ProblemError {
  return new ProblemError({
    status: 429,
    title: 'Too Many Requests',
    detail: `Too many tokens that were not valid. Try again in ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
  });
}

export function notFound(detail: string): ProblemError {
  return new ProblemError({ status: 404, title: 'Not Found', detail });
}

export function redisDoesNotAnswer(): ProblemError {
  return new ProblemError({
    status: 503,
    title: 'Service Unavailable',
    detail:
      'Redis does not answer, so nothing can be said or done about orders now. Orders are still accepted as long as their ingest has room on its disk. Try again in a few seconds; what was asked may have been done.',
    headers: { 'Retry-After': '5' },
  });
}

/** @param why a sentence */
export function redisRefuses(why: string): ProblemError {
  return new ProblemError({
    status: 503,
    title: 'Service Unavailable',
    detail: `${why} Until then nothing can be said or done about orders.`,
    headers: { 'Retry-After': '30' },
  });
}

export function notJson(): ProblemError {
  return new ProblemError({
    status: 415,
    title: 'Unsupported Media Type',
    detail: 'Send JSON with Content-Type: application/json; {} where there is nothing to say.',
  });
}
