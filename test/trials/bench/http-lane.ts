import { connect, type Socket } from 'node:net';

/** One connection that is kept, for one request at a time. */
export type HttpLane = Disposable & {
  /** @returns the status. @throws Error when the connection ends first */
  post(body: string): Promise<number>;
};

/**
 * The leanest client there is, so that what is measured is the server: it writes a request, and reads a reply with a
 * Content-Length. A client that did more would take the processor from what it measures.
 */
export async function openLane(to: {
  url: string;
  path: string;
  headers: Record<string, string>;
}): Promise<HttpLane> {
  const { url, path, headers } = to;
  const { hostname, port } = new URL(url);
  const socket = await opened(connect({ host: hostname, port: Number(port), noDelay: true }));
  const lines = Object.entries({
    Host: `${hostname}:${port}`,
    'Content-Type': 'application/json',
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  let received = '';
  let waiting: PromiseWithResolvers<number> | undefined;
  socket.setEncoding('latin1').on('data', (piece: string) => {
    received += piece;
    const status = statusOfWhole(received);
    if (status === undefined) return;
    received = '';
    waiting?.resolve(status);
  });
  socket.on('close', () => waiting?.reject(new Error(`${url} closed the connection.`)));
  socket.on('error', (error) => waiting?.reject(error));

  return {
    post(body) {
      waiting = Promise.withResolvers();
      socket.write(
        `POST ${path} HTTP/1.1\r\n${lines}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return waiting.promise;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

async function opened(socket: Socket): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  socket.once('connect', () => resolve(socket)).once('error', reject);
  return promise;
}

/** The status of a reply that is there whole. */
function statusOfWhole(text: string): number | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, headEnd + 2)) ?? [];
  if (length === undefined) throw new Error('A reply has no Content-Length.');
  return text.length >= headEnd + 4 + Number(length) ? Number(text.slice(9, 12)) : undefined;
}
