import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Stack } from '@proofbox/local';

/** A look at the dataset, as MONITOR tells it, and whose connection it came over. */
const look = /^\+[\d.]+ \[\d+ (\S+)\] "evalsha" "\w+" "\d+" "[^"]+:dataset"/i;

/** Resolves when each ingest, worker and admin has looked at the dataset of its Redis, which is theirs alone, once more. */
export async function untilDatasetSeen({ processes, urls }: Stack): Promise<void> {
  const looking = [...processes.keys()].filter((name) => /^(?:ingest|worker|admin)/.test(name));
  const { hostname, port } = new URL(urls.redis);
  const socket = connect(Number(port), hostname);
  socket.write('MONITOR\r\n');
  const connections = new Set<string>();
  try {
    for await (const line of createInterface({ input: socket })) {
      const [, connection] = look.exec(line) ?? [];
      if (connection !== undefined) connections.add(connection);
      if (connections.size >= looking.length) return;
    }
    throw new Error('Redis ended the connection');
  } finally {
    socket.destroy();
  }
}
