import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { startConveyor, type Conveyor } from './conveyor.ts';

/**
 * What a link does to its connections.
 * - `open`: passes everything on
 * - `delay`: passes everything on, each piece `ms` later
 * - `blackhole`: takes connections and bytes and passes nothing on; the other side sees silence
 * - `reset`, `close`: ends every connection at once, with RST or with FIN, and each new one, too
 */
export type LinkCondition =
  | { kind: 'open' }
  | { kind: 'delay'; ms: number }
  | { kind: 'blackhole' }
  | { kind: 'reset' }
  | { kind: 'close' };

/** A TCP proxy of ours between two processes. Disposing it ends its connections. */
export type Link = AsyncDisposable & {
  /** On 127.0.0.1. */
  readonly port: number;
  /** In force at once, for old and new connections. */
  become(condition: LinkCondition): void;
};

export type LinkOptions = {
  /** On 127.0.0.1; nothing needs to listen there yet. */
  targetPort: number;
  /** Called for each connection; what it returns sees what the client sends, in pieces. */
  watchRequests?: () => (piece: Buffer) => void;
};

type Connection = { client: Socket; server: Socket; conveyors: Conveyor[] };

export async function openLink({ targetPort, watchRequests }: LinkOptions): Promise<Link> {
  const connections = new Set<Connection>();
  let condition: LinkCondition = { kind: 'open' };

  function accept(client: Socket): void {
    client.on('error', () => {});
    if (condition.kind === 'reset' || condition.kind === 'close') return end(client, condition.kind);
    const server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const connection: Connection = {
      client,
      server,
      conveyors: [startConveyor(client, server, watchRequests?.()), startConveyor(server, client)],
    };
    connections.add(connection);
    for (const conveyor of connection.conveyors) conveyor.become(condition);
    // One that is refused or torn down on one side is so on the other.
    server.on('error', () => client.resetAndDestroy());
    client.on('error', () => server.resetAndDestroy());
    client.on('close', () => {
      server.destroy();
      connections.delete(connection);
    });
  }

  function endAll(how: 'reset' | 'close', which: (connection: Connection) => boolean): void {
    for (const connection of [...connections].filter(which)) {
      end(connection.server, how);
      end(connection.client, how);
    }
  }

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    become(next) {
      // Bytes were lost there: passing on what comes next would be worse than any network.
      endAll('reset', ({ conveyors }) => conveyors.some((conveyor) => conveyor.hasSwallowed));
      condition = next;
      for (const connection of connections) {
        for (const conveyor of connection.conveyors) conveyor.become(next);
      }
      if (next.kind === 'reset' || next.kind === 'close') endAll(next.kind, () => true);
    },
    async [Symbol.asyncDispose]() {
      const closed = once(listener, 'close');
      listener.close();
      endAll('reset', () => true);
      await closed;
    },
  };
}

function end(socket: Socket, how: 'reset' | 'close'): void {
  if (how === 'reset') socket.resetAndDestroy();
  else socket.destroy();
}
