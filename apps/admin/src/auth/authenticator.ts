import type { Role } from '@proofbox/contract/admin';
import type { FastifyRequest } from 'fastify';
import type { Credentials, Identity } from './credentials.ts';
import type { Events } from './events.ts';
import type { FailedTries } from './failed-tries.ts';
import { nobodyCan, tooManyFailures, unauthorized } from '../http/refusals.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

/** Of what has fewer characters, ADMIN_TOKENS may have the hash: it could be guessed all the same. */
const shortestToken = 16;

/** The caller. `session`: by way of a browser that is signed in, until `endsAt`, in ms since the epoch. */
export type Actor = { name: string; role: Role; session?: { id: string; endsAt: number } };

export type Authenticator = {
  /** Whose token it is. @throws ProblemError 401, or 429 after too many that were nobody's */
  identify(token: string, address: string): Promise<Identity>;
  /** Who sends this request. @throws ProblemError 401 or 429 */
  admit(request: FastifyRequest): Promise<Actor>;
};

/** The one place that decides who the caller is: by a token with each request, or by the cookie of a session. */
export function createAuthenticator(input: {
  credentials: Credentials;
  sessions: Sessions;
  failedTries: FailedTries;
  events: Events;
}): Authenticator {
  const { credentials, sessions, failedTries, events } = input;

  async function identify(token: string, address: string): Promise<Identity> {
    if (!credentials.canLetIn) throw unauthorized(nobodyCan);
    const lockedFor = failedTries.lockedFor(address);
    const identity =
      lockedFor === undefined && token.length >= shortestToken
        ? await credentials.identify(token)
        : undefined;
    if (identity) return identity;
    const waitSeconds = lockedFor ?? failedTries.count(address);
    events.refused(waitSeconds === undefined ? 'bad_token' : 'too_many', { address });
    throw waitSeconds === undefined
      ? unauthorized('This token is not valid here: it may be mistyped, or removed from ADMIN_TOKENS.')
      : tooManyFailures(waitSeconds);
  }

  async function admit(request: FastifyRequest): Promise<Actor> {
    if (!credentials.canLetIn) throw unauthorized(nobodyCan);
    const token = bearerOf(request.headers.authorization);
    if (token !== undefined) {
      const { name, role } = await identify(token, request.ip);
      return { name, role };
    }
    const id = readSessionCookie(request);
    if (id === undefined) {
      events.refused('no_token', { address: request.ip });
      throw unauthorized('Sign in first, or send Authorization: Bearer <token>.');
    }
    const session = await sessions.find(id);
    if (session === undefined) {
      events.refused('session_ended', { address: request.ip });
      throw unauthorized('Your session has ended: sign in again.');
    }
    const { name, role } = session.identity;
    return { name, role, session: { id, endsAt: session.endsAt } };
  }

  return { identify, admit };
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}
