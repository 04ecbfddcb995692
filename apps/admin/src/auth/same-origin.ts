import type { FastifyRequest } from 'fastify';

/**
 * Whether a browser sends this from a page of ours. A page of another site cannot forge either header. Browsers that
 * send neither are too old to be trusted with a cookie.
 */
export function isSameOrigin({ headers, host }: Pick<FastifyRequest, 'headers' | 'host'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/** A browser on a page of another site. What is no browser says nothing, and has to know a token anyway. */
export function isFromElsewhere(request: Pick<FastifyRequest, 'headers' | 'host'>): boolean {
  const { headers } = request;
  const isBrowser = headers['sec-fetch-site'] !== undefined || headers.origin !== undefined;
  return isBrowser && !isSameOrigin(request);
}
