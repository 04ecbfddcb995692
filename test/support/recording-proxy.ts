import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Stands before a factory, and keeps each order that passes as it came over the wire. */
export type RecordingProxy = AsyncDisposable & {
  url: string;
  /** The body in which this order went to the factory last. */
  bodyOf(orderId: string): string | undefined;
};

export async function startRecordingProxy(factoryUrl: () => string): Promise<RecordingProxy> {
  const bodies = new Map<string, string>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      if (request.method === 'POST') {
        const text = body.toString();
        bodies.set((JSON.parse(text) as { order: { id: string } }).order.id, text);
      }
      const reply = await fetch(`${factoryUrl()}${request.url}`, {
        method: request.method!,
        headers: {
          'content-type': request.headers['content-type'] ?? '',
          authorization: request.headers.authorization ?? '',
        },
        ...(request.method === 'POST' && { body }),
      });
      response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await reply.arrayBuffer()));
    })().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodyOf: (orderId) => bodies.get(orderId),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
