import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartError } from '../process/run-app.ts';

/**
 * Opens the server's port (0: any free one) and returns it.
 * @throws StartError in one clear line when the port cannot be had
 */
export async function listen(
  server: FastifyInstance,
  address: { HOST: string; PORT: number },
): Promise<{ port: number }> {
  try {
    await server.listen({ host: address.HOST, port: address.PORT });
  } catch (error) {
    const why = whyNot(error, address);
    throw why === undefined ? error : new StartError(why);
  }
  return { port: (server.server.address() as AddressInfo).port };
}

function whyNot(error: unknown, { HOST, PORT }: { HOST: string; PORT: number }): string | undefined {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return `Port ${PORT} on ${HOST} is in use: stop what listens there, or set another PORT.`;
    case 'EACCES':
      return `Port ${PORT} on ${HOST} is not allowed to this user: set a PORT above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${HOST} is not an address of this machine: set another HOST, such as 127.0.0.1 or 0.0.0.0.`;
    default:
      return undefined;
  }
}
