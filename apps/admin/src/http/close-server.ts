import type { FastifyInstance } from 'fastify';

/**
 * Closes a server: what is under way is answered first, for so long. A reply that nobody reads would keep the process
 * from stopping, and from giving back what it works on.
 */
export async function closeServer(server: FastifyInstance, patienceMs = 3_000): Promise<void> {
  const late = setTimeout(() => server.server.closeAllConnections(), patienceMs);
  try {
    await server.close();
  } finally {
    clearTimeout(late);
  }
}
