import { adminOpenApi } from '@proofbox/contract/openapi';
import type { FastifyInstance } from 'fastify';

/** `GET /openapi.json`: holds nothing that is not in the repository, so that anybody may read it. */
export function openApiRoute(server: FastifyInstance): void {
  const document = adminOpenApi('0.1.0');
  server.get('/openapi.json', async () => document);
}
