import { mayDo, type Role } from '@proofbox/contract/admin';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor, Authenticator } from './authenticator.ts';
import type { Events } from './events.ts';
import { notJson, otherSite, roleTooLow } from '../http/refusals.ts';
import { isFromElsewhere, isSameOrigin } from './same-origin.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The role that a route asks for; `nobody`: it is for those who are not signed in, too. */
    role?: Role | 'nobody';
  }
  interface FastifyRequest {
    actor?: Actor;
  }
}

/**
 * Stands before every route of a scope, before its body is read. A route that does not say which role it needs cannot
 * even be registered.
 */
export function guardRoutes(
  scope: FastifyInstance,
  { authenticator, events }: { authenticator: Authenticator; events: Events },
): void {
  scope.decorateRequest('actor');
  scope.addHook('onRoute', ({ method, url, config }) => {
    if (config?.role === undefined)
      throw new Error(`${String(method)} ${url} does not say which role it needs.`);
  });
  scope.addHook('onRequest', async (request) => {
    const { role } = request.routeOptions.config;
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (role === 'nobody') {
      if (changes && isFromElsewhere(request)) throw refuseOtherSite(request);
      return;
    }
    const actor = await authenticator.admit(request);
    if (changes && actor.session) {
      if (!isSameOrigin(request)) throw refuseOtherSite(request, actor.name);
      // A form can be sent from anywhere without asking first; JSON cannot.
      if (!isJson(request)) throw notJson();
    }
    if (!mayDo(actor.role, role!)) {
      events.refused('role', { address: request.ip, by: actor.name });
      throw roleTooLow(role!, actor.role);
    }
    request.actor = actor;
  });

  function refuseOtherSite(request: FastifyRequest, by?: string): Error {
    events.refused('other_site', { address: request.ip, ...(by !== undefined && { by }) });
    return otherSite();
  }
}

/** Who sends this request. Only for routes that need a role: the others may be nobody's. */
export function actorOf({ actor }: FastifyRequest): Actor {
  if (actor === undefined) throw new Error('A route that asks who it is must need a role.');
  return actor;
}

function isJson({ headers }: FastifyRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '');
}
