import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import type { FactoryRequest } from '@proofbox/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { createFactoryClient, type Delivery, type FactoryClient } from './factory-client.ts';

const request: FactoryRequest = {
  diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com' },
  order: {
    id: 'pb-1',
    franchiseId: 1,
    storeId: '1',
    items: [{ menuId: 1, description: 'Veggie', price: 0.05 }],
    note: 'kept',
    // A name that is easily lost on the way through a library.
    constructor: 'kept',
  },
};

const closing: (() => PromiseLike<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function factoryThat(
  answers: (...parts: Parameters<RequestListener>) => unknown,
): Promise<{ server: Server; url: string }> {
  const server = createServer((incoming, reply) => void answers(incoming, reply)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function clientFor(url: string): FactoryClient {
  const client = createFactoryClient({ url, apiKey: 'the-key', connectTimeoutMs: 1_000, connections: 4 });
  closing.push(() => client[Symbol.asyncDispose]());
  return client;
}

function deliver(url: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Delivery> {
  return clientFor(url).deliver(request, {
    timeoutMs: options.timeoutMs ?? 2_000,
    signal: options.signal ?? new AbortController().signal,
  });
}

test('the factory is sent the order as it is, with our key', async () => {
  const { url } = await factoryThat(async (incoming, reply) => {
    const body = JSON.parse(Buffer.concat(await incoming.toArray()).toString()) as unknown;
    const { method, url: path, headers } = incoming;
    reply
      .setHeader('x-told', 'yes')
      .writeHead(500)
      .end(
        JSON.stringify({
          method,
          path,
          authorization: headers.authorization,
          type: headers['content-type'],
          body,
        }),
      );
  });
  const delivery = await deliver(`${url}/base`);
  expect(delivery).toMatchObject({ replied: true, status: 500, headers: { 'x-told': 'yes' } });
  expect(delivery.replied && JSON.parse(delivery.body)).toEqual({
    method: 'POST',
    path: '/base/api/order',
    authorization: 'Bearer the-key',
    type: 'application/json',
    body: request,
  });
});

test('a redirect is not followed: our key stays with the host it is for', async () => {
  const strangers: unknown[] = [];
  const stranger = await factoryThat((incoming, reply) => {
    strangers.push(incoming.headers.authorization);
    reply.end();
  });
  const { url } = await factoryThat((_incoming, reply) =>
    reply.writeHead(307, { location: `${stranger.url}/api/order` }).end(),
  );
  expect(await deliver(url)).toMatchObject({ replied: true, status: 307 });
  expect(strangers).toEqual([]);
});

describe('without a reply', () => {
  test('nothing was sent where nobody listens', async () => {
    const { server, url } = await factoryThat(() => {});
    server.close();
    expect(await deliver(url)).toEqual({ replied: false, sent: false, code: 'ECONNREFUSED' });
  });

  test('nothing was sent to a name that does not resolve', async () => {
    expect(await deliver('http://factory.invalid')).toMatchObject({ replied: false, sent: false });
  });

  test('nothing was sent where TLS does not come about', async () => {
    const { url } = await factoryThat(() => {});
    expect(await deliver(url.replace('http:', 'https:'))).toMatchObject({ replied: false, sent: false });
  });

  test('it may have been baked where the answer does not come in time', async () => {
    const { url } = await factoryThat(() => {});
    expect(await deliver(url, { timeoutMs: 200 })).toEqual({
      replied: false,
      sent: true,
      code: 'TimeoutError',
    });
  });

  test('it may have been baked where the answer trickles in too slowly', async () => {
    const { url } = await factoryThat((_incoming, reply) => {
      reply.writeHead(200).flushHeaders();
      const drip = setInterval(() => reply.write(' '), 20);
      reply.on('close', () => clearInterval(drip));
    });
    expect(await deliver(url, { timeoutMs: 200 })).toEqual({
      replied: false,
      sent: true,
      code: 'TimeoutError',
    });
  });

  test('it may have been baked where the connection is reset after the request', async () => {
    const { url } = await factoryThat((incoming) => {
      incoming.resume().on('end', () => incoming.socket.resetAndDestroy());
    });
    expect(await deliver(url)).toMatchObject({ replied: false, sent: true });
  });

  test('it may have been baked where the answer is cut in the middle', async () => {
    const { url } = await factoryThat((_incoming, reply) => {
      reply.writeHead(200, { 'content-length': '100' });
      reply.write('{"jwt":', () => reply.socket?.destroy());
    });
    expect(await deliver(url)).toMatchObject({ replied: false, sent: true });
  });

  test('it may have been baked where the answer is no HTTP', async () => {
    const server = createTcpServer((socket) => socket.on('data', () => socket.end('hello\r\n\r\n'))).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    closing.push(() => void server.close());
    expect(await deliver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).toMatchObject({
      replied: false,
      sent: true,
    });
  });

  test('an answer without end is not read to its end', async () => {
    const { url } = await factoryThat((_incoming, reply) => {
      reply.writeHead(200);
      const pour = setInterval(() => reply.write('x'.repeat(65_536)), 1);
      reply.on('close', () => clearInterval(pour));
    });
    expect(await deliver(url)).toEqual({ replied: false, sent: true, code: 'REPLY_TOO_LARGE' });
  });

  test('a worker that lets go ends the call at once', async () => {
    const { url } = await factoryThat(
      (incoming) => void incoming.resume().on('end', () => letGo.abort(new Error('stopping'))),
    );
    const letGo = new AbortController();
    expect(await deliver(url, { signal: letGo.signal, timeoutMs: 30_000 })).toMatchObject({
      replied: false,
      sent: true,
    });
  });

  test('a call that waited for a connection until its time was up was not sent', async () => {
    const arrived: string[] = [];
    const everybody = Promise.withResolvers<void>();
    const { url } = await factoryThat((incoming) => {
      arrived.push(incoming.method!);
      if (arrived.length === 4) everybody.resolve();
    });
    const client = clientFor(url);
    const letGo = new AbortController();
    const busy = Array.from({ length: 4 }, () =>
      client.deliver(request, { timeoutMs: 30_000, signal: letGo.signal }),
    );
    await everybody.promise;
    const late = await client.deliver(request, { timeoutMs: 200, signal: letGo.signal });
    expect(late).toEqual({ replied: false, sent: false, code: 'TimeoutError' });
    letGo.abort(new Error('enough'));
    expect(await Promise.all(busy)).toMatchObject(
      Array.from({ length: 4 }, () => ({ replied: false, sent: true })),
    );
    expect(arrived).toHaveLength(4);
  });
});
