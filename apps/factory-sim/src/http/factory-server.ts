import cors from '@fastify/cors';
import { noJsonSchemas, type Logger } from '@proofbox/runtime';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { apiDocs } from './api-docs.ts';
import { addKeysRoute } from './keys-route.ts';
import { addOrderRoute, type OrderRouteOptions } from './order-route.ts';
import type { ReceiptSigner } from '../receipts/receipt-signer.ts';
import { readBodiesLikeTheFactory } from './read-body.ts';
import { addReportRoute } from './report-route.ts';

/** What the real one takes, in bytes. */
const bodyLimit = 100 * 1024;

/**
 * The factory API, with the paths, statuses and messages of the real one: errors are plain `{message}` objects.
 * Stopping destroys open connections, so that an order that hangs does not hold the stop up.
 */
export async function createFactoryServer(
  options: OrderRouteOptions & { signer: ReceiptSigner; logger: Logger },
): Promise<FastifyInstance> {
  const { signer, vendors, faults, logger } = options;
  const server = Fastify({
    logger: false,
    bodyLimit,
    forceCloseConnections: true,
    schemaController: { compilersFactory: noJsonSchemas },
  });
  await server.register(cors, { origin: true, credentials: true, methods: ['GET', 'POST', 'PUT', 'DELETE'] });
  readBodiesLikeTheFactory(server);

  addOrderRoute(server, options);
  addReportRoute(server, { vendors, faults });
  server.post<{ Body?: { jwt?: unknown } }>('/api/order/verify', async (request, reply) => {
    const payload = await signer.verify(String(request.body?.jwt));
    if (payload === undefined) return reply.code(403).send({ message: 'invalid' });
    return { message: 'valid', payload };
  });
  addKeysRoute(server, { signer, faults });
  server.get('/api/docs', async () => apiDocs);
  server.get('/health', async () => ({ status: 'ok' }));

  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'unknown endpoint' }));
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    logger.debug({ code: error.code ?? error.name }, 'answering with a 500');
    return reply.code(500).send({ message: error.message });
  });
  return server;
}
