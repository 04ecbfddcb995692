import { isoTime } from '@proofbox/contract';
import { sessionView, signInIn, type SessionView } from '@proofbox/contract/admin';
import type { AuditLog } from '@proofbox/ledger/operations';
import type { ZodServer } from '@proofbox/runtime';
import type { Authenticator } from './authenticator.ts';
import type { Events } from './events.ts';
import { actorOf } from './guard.ts';
import { otherSite } from '../http/refusals.ts';
import { isSameOrigin } from './same-origin.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

/** `/api/session`: signing in and out with a browser, and who one is. */
export function sessionRoute(
  scope: ZodServer,
  {
    authenticator,
    sessions,
    audit,
    events,
  }: { authenticator: Authenticator; sessions: Sessions; audit: AuditLog; events: Events },
): void {
  scope.post(
    '/api/session',
    {
      schema: { body: signInIn },
      config: {
        role: 'nobody',
        operationId: 'signIn',
        summary: 'Sign in with a browser',
        description: 'Sets the cookie of a session.',
        replies: { 200: ['Signed in', sessionView] },
        problems: [401],
      },
    },
    async (request, reply): Promise<SessionView> => {
      const { token } = request.body;
      const identity = await authenticator.identify(token, request.ip);
      const { name, role } = identity;
      await audit.append({
        by: name,
        action: 'sign_in',
        subject: 'session',
        why: `as ${role}`,
      });
      const session = await sessions.begin(identity);
      const before = readSessionCookie(request);
      if (before !== undefined) await sessions.end(before);
      setSessionCookie(request, reply, session);
      events.signedIn(name, role);
      return { name, role, expiresAt: isoTime(session.endsAt) };
    },
  );

  scope.get(
    '/api/session',
    {
      config: {
        role: 'viewer',
        operationId: 'whoAmI',
        summary: 'Who is signed in',
        replies: { 200: ['You are', sessionView] },
      },
    },
    async (request): Promise<SessionView> => {
      const { name, role, session } = actorOf(request);
      return { name, role, ...(session && { expiresAt: isoTime(session.endsAt) }) };
    },
  );

  // Also for those whose session has ended: what they want is to be signed out.
  scope.delete(
    '/api/session',
    {
      config: {
        role: 'nobody',
        operationId: 'signOut',
        summary: 'Sign out',
        replies: { 204: ['Signed out, or nobody was signed in'] },
      },
    },
    async (request, reply) => {
      const id = readSessionCookie(request);
      if (id !== undefined) {
        if (!isSameOrigin(request)) throw otherSite();
        await endSession(id);
      }
      clearSessionCookie(reply);
      return reply.code(204).send();
    },
  );

  async function endSession(id: string): Promise<void> {
    const session = await sessions.find(id);
    await sessions.end(id);
    if (session === undefined) return;
    const { name } = session.identity;
    await audit.append({
      by: name,
      action: 'sign_out',
      subject: 'session',
      why: 'signed out',
    });
    events.signedOut(name);
  }
}
