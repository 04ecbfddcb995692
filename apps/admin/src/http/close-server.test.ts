import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { closeServer } from './close-server.ts';

/** More than the buffers between two processes hold. */
function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(64 * 1024);
}

test('a reply that its client does not read keeps no server from closing', async () => {
  const server = Fastify({ forceCloseConnections: 'idle' });
  server.get('/export', async (_request, reply) => reply.send(Readable.from(endless())));
  await server.listen({ host: '127.0.0.1', port: 0 });
  const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write('GET /export HTTP/1.1\r\nHost: h\r\n\r\n');
  await once(client, 'readable');
  await closeServer(server, 50);
  client.destroy();
  expect(server.server.listening).toBe(false);
});
