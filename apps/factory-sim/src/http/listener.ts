import { once } from 'node:events';
import type { Server } from 'node:http';
import { refusal } from '@proofbox/runtime';

/** The factory's listening socket. Closing what is closed, or opening what is open, does nothing. */
export type Listener = {
  /** Refuses connections from now on and destroys those that are open. */
  close(): Promise<void>;
  /**
   * Listens again, where it did before.
   * @throws ProblemError 503 when another process has taken the port meanwhile
   */
  open(): Promise<void>;
};

/** Of a server that listens at `address`. */
export function createListener(server: Server, address: { host: string; port: number }): Listener {
  return {
    async close() {
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
        throw refusal(
          503,
          `The factory cannot listen on port ${address.port} again: ${codeOf(cause)}. Free the port and mend again.`,
        );
      }
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
