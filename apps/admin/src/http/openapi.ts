import * as schemas from '@proofbox/contract/admin';
import type { OpenApiAbout } from '@proofbox/runtime';
import { examples } from './openapi-examples.ts';

/** What the document of the admin API says beside its routes. Only loaded when it is asked for. */
export const about: OpenApiAbout = {
  title: 'Proofbox admin API',
  description:
    'Finds, explains, replays and discards orders that were not fulfilled, and shows how everything is. ' +
    'Send a token of ADMIN_TOKENS as bearer, or sign in with it and keep the cookie. ' +
    'A request by cookie that changes something must come from a page of this server and be application/json. ' +
    'Roles: a viewer looks, an operator changes and reveals, an admin also exports the audit log.',
  schemas,
  examples,
  problems: {
    400: 'The request is not valid; `errors` names each wrong field',
    401: 'Nobody is signed in: no token, one that is not valid here, or a session that has ended',
    403: 'The role is too low, or the request came from a page of another site',
    404: 'There is no such order, task or factory',
    409: 'It cannot be done any more, or not yet: another request was faster, or the task has ended',
    413: 'The body is too large',
    415: 'The body is not sent as application/json',
    429: 'Too many invalid tokens came from this address. Retry-After says when to try again',
    503: 'Redis does not answer. Retry-After says when to try again',
  },
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description: "A token of ADMIN_TOKENS, or the login token of one of the shop's admins",
    },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: schemas.sessionCookies.http,
      description: `What POST /api/session sets; \`${schemas.sessionCookies.https}\` over https`,
    },
  },
  follows({ method, url, config: { role } }) {
    const isChange = method !== 'GET';
    const isOpen = role === 'nobody';
    return {
      problems: [
        ...(isOpen ? [] : [401]),
        ...(isOpen && !isChange ? [] : [403]),
        ...(isChange && !isOpen ? [415] : []),
        429,
        503,
      ],
      operation: {
        tags: [url.split('/')[2]],
        'x-role': role,
        security: isOpen ? [] : [{ bearer: [] }, { session: [] }],
      },
    };
  },
};
