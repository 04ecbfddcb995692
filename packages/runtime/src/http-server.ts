import { ProblemError, type Problem } from '@proofbox/contract';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Logger } from './logger.ts';

/** Empty `reasons`: ready. Otherwise one clear sentence for each thing that does not hold. */
export type Readiness = { reasons: string[] };

export type HttpServerOptions = {
  logger: Logger;
  metrics: Registry;
  ready: () => Promise<Readiness>;
  /** Bytes; a larger body is answered with 413. */
  bodyLimit?: number;
};

/**
 * The shell every Proofbox server shares: `/healthz`, `/readyz`, `/metrics`, and every error as an RFC 9457
 * problem document that also carries `message`, without stack traces.
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const server = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 500 },
  });

  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const { reasons } = await options.ready();
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .send({ status: reasons.length === 0 ? 'ready' : 'not ready', reasons });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
  );

  server.setNotFoundHandler((request) => {
    throw new ProblemError({
      status: 404,
      title: 'Not Found',
      detail: `There is nothing at ${request.method} ${pathOf(request.url)}.`,
    });
  });
  server.setErrorHandler((error: FastifyError | ProblemError, request, reply) => {
    const refusal = error instanceof ProblemError ? error : fromFastify(error);
    if (refusal.status >= 500)
      options.logger.error(
        { err: error, method: request.method, path: pathOf(request.url) },
        'request failed',
      );
    return reply
      .code(refusal.status)
      .headers(refusal.headers)
      .type('application/problem+json')
      .send(refusal.toProblem() satisfies Problem);
  });
  return server;
}

/** The path without its query, which may hold what a log must not. */
function pathOf(url: string): string {
  return url.split('?', 1)[0]!.slice(0, 200);
}

const clientErrors: Record<string, { status: number; title: string; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    title: 'Content Too Large',
    detail: 'The body is too large: an order may have at most 64 KiB.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, title: 'Bad Request', detail: 'The body is empty: send JSON.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, title: 'Bad Request', detail: 'The body is not JSON.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported Media Type',
    detail: 'Send JSON with Content-Type: application/json.',
  },
};

function fromFastify(error: FastifyError): ProblemError {
  const known = clientErrors[error.code];
  if (known) return new ProblemError(known);
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500)
    return new ProblemError({
      status,
      title: 'Bad Request',
      detail: 'The request is not valid HTTP for this endpoint: check method, path and body.',
    });
  return new ProblemError({
    status: 500,
    title: 'Internal Server Error',
    detail: 'Something went wrong on our side. Try again; nothing was taken if you did not get an order id.',
  });
}
