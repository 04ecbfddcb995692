import { ProblemError, wellFormedJson, type Problem } from '@proofbox/contract';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { drainBody } from './drain-body.ts';
import { checkHeaders, checkQuery, maxHeaderBytes } from './header-rules.ts';
import { takeExactJsonOnly } from './json-body.ts';
import type { Logger } from '../logging/logger.ts';
import { refuseConnection } from './refuse-connection.ts';
import { refusal, toRefusal } from './refusal.ts';
import { noJsonSchemas, zodParser, type ZodServer } from './zod-routes.ts';

/** Empty `reasons`: ready. Otherwise one clear sentence for each thing that does not hold. `notes` are worth knowing all the same. */
export type Readiness = { reasons: string[]; notes?: string[] };

export type HttpServerOptions = {
  logger: Logger;
  metrics: Registry;
  ready: () => Promise<Readiness>;
  /** Aborted: it still serves, and is not ready any more. */
  stopping?: AbortSignal;
  /** Bytes; a larger body is answered with 413. */
  bodyLimit?: number;
  /** Addresses and networks of proxies, whose X-Forwarded-* are believed. Default: nobody's. */
  trustProxy?: string[];
};

const whileStopping: Readiness = { reasons: ['it is stopping: requests are to be sent elsewhere'] };

/** Of a body that is refused, this much is read for the sake of the reply; a larger one loses its connection. */
const drained = { maxBytes: 16 * 1024 * 1024, timeoutMs: 10_000 };

/**
 * The shell every Proofbox server shares: `/healthz`, `/readyz`, `/metrics`, what a request may be at all, and every error
 * as an RFC 9457 problem document that also carries `message`, without stack traces.
 */
export function createHttpServer(options: HttpServerOptions): ZodServer {
  const bodyLimit = options.bodyLimit ?? 1024 * 1024;
  const server = Fastify({
    logger: false,
    http: { maxHeaderSize: maxHeaderBytes },
    bodyLimit,
    trustProxy: options.trustProxy ?? false,
    forceCloseConnections: 'idle',
    // What still arrives on an open connection while the server closes is served, not refused.
    return503OnClosing: false,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 500 },
    schemaController: { compilersFactory: noJsonSchemas },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  server.setValidatorCompiler(zodParser);
  takeExactJsonOnly(server);
  server.setReplySerializer(wellFormedJson);
  // Not before that: what is refused there still gets the headers without which a browser shows no reply.
  server.addHook('preParsing', async ({ raw, url }) => {
    checkHeaders(raw);
    checkQuery(url);
  });

  const isStopping = (): boolean => options.stopping?.aborted ?? false;
  // Who goes on with this connection would meet its end: the next one is opened elsewhere.
  server.addHook('onSend', async (_request, reply) => {
    if (isStopping()) reply.header('connection', 'close');
  });

  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const { reasons, notes = [] } = isStopping() ? whileStopping : await options.ready();
    const status = reasons.length === 0 ? 'ready' : 'not ready';
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .send({ status, reasons, ...(notes.length > 0 && { notes }) });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
  );

  server.setNotFoundHandler((request) => {
    throw refusal(404, `There is nothing at ${request.method} ${pathOf(request.url)}.`);
  });
  server.setErrorHandler(answerError);
  return server.withTypeProvider();

  async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const refused = toRefusal(error, bodyLimit);
    if (refused.status >= 500) {
      const about = { method: request.method, path: pathOf(request.url), status: refused.status };
      // What was refused knowingly needs no stack; what broke does.
      if (error instanceof ProblemError) options.logger.warn(about, refused.message);
      else options.logger.error({ err: error, ...about }, 'request failed');
    }
    await drainBody(request.raw, drained);
    void reply
      .code(refused.status)
      .headers(refused.headers)
      .type('application/problem+json')
      .send(refused.toProblem() satisfies Problem);
  }
}

/** The path without its query, which may hold what a log must not. */
function pathOf(url: string): string {
  return url.split('?', 1)[0]!.slice(0, 200);
}
