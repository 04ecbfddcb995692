import { once } from 'node:events';
import type { Server } from 'node:http';
import { ProblemError } from '@proofbox/contract';

/** The factory's listening socket. Shutting what is shut, or opening what is open, does nothing. */
export type Door = {
  /** Refuses connections from now on and destroys those that are open. */
  shut(): Promise<void>;
  /**
   * Listens again, where it did before.
   * @throws ProblemError 503 when another process has taken the port meanwhile
   */
  open(): Promise<void>;
};

/** The door of a server that listens at `address`. */
export function createDoor(server: Server, address: { host: string; port: number }): Door {
  return {
    async shut() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async open() {
      if (server.listening) return;
      server.listen(address);
      try {
        await once(server, 'listening');
      } catch (cause) {
        throw new ProblemError({
          status: 503,
          title: 'Service Unavailable',
          detail: `The factory cannot listen on port ${address.port} again: ${codeOf(cause)}. Free the port and mend again.`,
        });
      }
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
