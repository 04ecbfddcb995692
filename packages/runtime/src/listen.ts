import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartError } from './run-app.ts';

/**
 * Opens the server's port (0: any free one) and tells which it is.
 * @throws StartError in one clear line when the port cannot be had
 */
export async function listen(
  server: FastifyInstance,
  address: { HOST: string; PORT: number },
): Promise<{ port: number }> {
  try {
    await server.listen({ host: address.HOST, port: address.PORT });
  } catch (error) {
    if (isInUse(error)) {
      throw new StartError(
        `Port ${address.PORT} on ${address.HOST} is in use: stop what listens there, or set another PORT.`,
      );
    }
    throw error;
  }
  return { port: (server.server.address() as AddressInfo).port };
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
