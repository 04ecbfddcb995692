import { sessionCookies } from '@proofbox/contract/admin';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The session that the browser shows; undefined for none. */
export function readSessionCookie({ cookies }: FastifyRequest): string | undefined {
  return cookies[sessionCookies.https] ?? cookies[sessionCookies.http];
}

/** @param endsAt ms since the epoch */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  session: { id: string; endsAt: number },
): void {
  const maxAge = Math.max(0, Math.floor((session.endsAt - Date.now()) / 1_000));
  const secure = isOverHttps(request);
  void reply.setCookie(secure ? sessionCookies.https : sessionCookies.http, session.id, {
    ...attributes(secure),
    maxAge,
  });
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply
    .clearCookie(sessionCookies.https, attributes(true))
    .clearCookie(sessionCookies.http, attributes(false));
}

function attributes(secure: boolean) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
}

/** A proxy may have ended the TLS: the browser says in Origin what its page was loaded over. */
function isOverHttps({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || (headers.origin?.startsWith('https://') ?? false);
}
