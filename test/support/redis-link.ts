import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a Redis on this machine, as a name in the DNS is one: it may come to mean another server. */
export type RedisLink = AsyncDisposable & {
  url: string;
  /** Where new connections go from now on; those that are open stay where they are. */
  pointTo(port: number): void;
  /** Every connection that has sent this command falls silent, and stays open. @returns how many did */
  silence(command: string): number;
  /** Whatever Redis sends that has this in it is lost from now on, and nothing else. */
  swallow(text: string): void;
};

type Connection = { client: Socket; server: Socket; sent: string; isSilent: boolean };

export async function openRedisLink(firstPort: number): Promise<RedisLink> {
  const connections = new Set<Connection>();
  let port = firstPort;
  let lost: string | undefined;

  const listener = createServer((client) => {
    const connection = { client, server: connect(port, '127.0.0.1'), sent: '', isSilent: false };
    const { server } = connection;
    connections.add(connection);
    client.on('data', (piece) => {
      connection.sent += piece.toString('latin1').toLowerCase();
      if (!connection.isSilent) server.write(piece);
    });
    server.on('data', (piece) => {
      const isLost = lost !== undefined && piece.toString('latin1').includes(lost);
      if (!isLost && !connection.isSilent) client.write(piece);
    });
    server.on('error', () => {}).on('close', () => client.destroy());
    client
      .on('error', () => {})
      .on('close', () => {
        server.destroy();
        connections.delete(connection);
      });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `redis://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    pointTo(next) {
      port = next;
    },
    silence(command) {
      const silent = [...connections].filter(({ sent }) => sent.includes(command));
      for (const connection of silent) connection.isSilent = true;
      return silent.length;
    },
    swallow(text) {
      lost = text;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const { client } of connections) client.destroy();
    },
  };
}
