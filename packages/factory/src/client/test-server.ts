import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

/** A server of a test, on a free port of this machine. Disposing it closes its connections, too. */
export type TestServer = AsyncDisposable & { url: string; server: Server };

/** An HTTP server. */
export async function serverThat(
  answers: (...parts: Parameters<RequestListener>) => unknown,
): Promise<TestServer> {
  const server = createServer((incoming, reply) => void answers(incoming, reply)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    url: urlOf(server),
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A server that is handed each connection, and each request on it once it is whole: it says bytes of its own. */
export async function rawServerThat(on: {
  connection?: (socket: Socket) => void;
  request: (socket: Socket) => void;
}): Promise<Omit<TestServer, 'server'>> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    on.connection?.(socket);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!isWhole(text)) return;
      text = '';
      on.request(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: urlOf(server),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

function urlOf(server: { address(): ReturnType<Server['address']> }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = Number(/^content-length: *(\d+)/im.exec(request)?.[1] ?? 0);
  return request.length >= end + 4 + length;
}
