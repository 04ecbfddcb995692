import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { FactoryRequest } from '@proofbox/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from './delivery.ts';
import { createFactoryClient, type FactoryClient, type FactoryClientOptions } from './factory-client.ts';
import { rawServerThat, serverThat } from './test-server.ts';

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

let opened: AsyncDisposableStack;
beforeEach(() => {
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

async function factoryThat(...answers: Parameters<typeof serverThat>) {
  return opened.use(await serverThat(...answers));
}

/** A factory that says these bytes to each request, and then, if it is to, closes the connection. */
async function factoryThatSays(text: string, { ends = false } = {}): Promise<string> {
  const bytes = Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'), 'latin1');
  const server = await rawServerThat({
    request: (socket) => void (ends ? socket.end(bytes) : socket.write(bytes)),
  });
  return opened.use(server).url;
}

function clientFor(url: string, options: Partial<FactoryClientOptions> = {}): FactoryClient {
  return opened.use(
    createFactoryClient({
      url,
      apiKey: 'the-key',
      repeatable: true,
      connectTimeoutMs: 1_000,
      ...options,
    }),
  );
}

const nobodyLetsGo = new AbortController().signal;

function deliver(url: string, { timeoutMs = 2_000, signal = nobodyLetsGo } = {}): Promise<Delivery> {
  return clientFor(url).deliver(request, { timeoutMs, signal });
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

  test('it may have been baked where the connection is reset after the request', async () => {
    const { url } = await factoryThat((incoming) => {
      incoming.resume().on('end', () => incoming.socket.resetAndDestroy());
    });
    expect(await deliver(url)).toMatchObject({ replied: false, sent: true });
  });

  test('it may have been baked where the answer is no HTTP', async () => {
    const url = await factoryThatSays('hello\n\n', { ends: true });
    expect(await deliver(url)).toMatchObject({ replied: false, sent: true });
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
});

const ok = 'HTTP/1.1 200 OK';
const body = '{"jwt":"a.b.c"}';
const whole = `${ok}\ncontent-length: 15\n\n${body}`;

describe('a reply is understood', () => {
  test.for<[string, string, boolean]>([
    ['of HTTP/1.1', whole, false],
    ['of HTTP/1.0, which ends with its connection', `HTTP/1.0 200 OK\n\n${body}`, true],
    ['that ends with its connection', `${ok}\nconnection: close\n\n${body}`, true],
    [
      'in pieces, with trailers',
      `${ok}\ntransfer-encoding: chunked\n\n5;a=b\n{"jwt\na\n":"a.b.c"}\n0\nx: y\n\n`,
      false,
    ],
    ['without a reason', `HTTP/1.1 200\ncontent-length: 15\n\n${body}`, false],
    ['after a 100', `HTTP/1.1 100 Continue\n\n${whole}`, false],
    [
      'after several interim replies',
      `${'HTTP/1.1 100 \n\n'.repeat(9)}HTTP/1.1 103 Hints\nlink: x\n\n${whole}`,
      false,
    ],
    ['after a 102', `HTTP/1.1 102 Processing\n\n${whole}`, false],
    [
      'with headers that come twice',
      `${ok}\ncontent-type: text/plain\ncontent-type: application/json\nx: 1\nx: 2\n${whole.slice(ok.length + 1)}`,
      false,
    ],
    ['whose length is said twice', `${ok}\ncontent-length: 15\n${whole.slice(ok.length + 1)}`, false],
    [
      'whose length is said beside chunks',
      `${ok}\ncontent-length: 9\ntransfer-encoding: chunked\n\nf\n${body}\n0\n\n`,
      false,
    ],
    ['as a page of its own kind', `${ok}\ncontent-type: text/html\n${whole.slice(ok.length + 1)}`, false],
  ])('%s', async ([, text, ends]) => {
    const delivery = await deliver(await factoryThatSays(text, { ends }));
    expect(delivery).toMatchObject({ replied: true, status: 200, body });
    expect(delivery).not.toHaveProperty('cutOff');
  });

  test.for([true, false])(
    'after a 100 before each reply on one connection, repeatable: %s',
    async (repeatable) => {
      const client = clientFor(await factoryThatSays(`HTTP/1.1 100 Continue\n\n${whole}`), { repeatable });
      for (let n = 0; n < 5; n += 1) {
        const delivery = await client.deliver(request, { timeoutMs: 2_000, signal: nobodyLetsGo });
        expect(delivery).toMatchObject({ replied: true, body });
      }
    },
  );

  test('with a Content-Encoding that nobody asked for', async () => {
    const asked: unknown[] = [];
    const { url } = await factoryThat(({ headers }, reply) => {
      asked.push(headers['accept-encoding']);
      reply.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
    });
    expect(await deliver(url)).toMatchObject({ replied: true, body });
    expect(asked).toEqual(['identity']);
  });

  test.for<[string, string]>([
    ['resets the connection', 'ECONNRESET'],
    ['closes it', 'UND_ERR_SOCKET'],
  ])('as far as it came where the factory then %s', async ([how, cutOff]) => {
    const { url } = await factoryThat((_incoming, reply) => {
      reply.writeHead(500, { 'content-length': '100' });
      reply.write(body, () =>
        how.startsWith('resets') ? reply.socket?.resetAndDestroy() : reply.socket?.destroy(),
      );
    });
    expect(await deliver(url)).toMatchObject({ replied: true, status: 500, body, cutOff });
  });

  test('as far as it came where its end does not come in time', async () => {
    const { url } = await factoryThat((_incoming, reply) => {
      reply.writeHead(500).write(body);
      const drip = setInterval(() => reply.write(' '), 20);
      reply.on('close', () => clearInterval(drip));
    });
    expect(await deliver(url, { timeoutMs: 200 })).toMatchObject({ status: 500, cutOff: 'TimeoutError' });
  });
});

describe('a reply is bounded', () => {
  /** A factory that says this over and over, until nobody listens. */
  async function factoryThatGoesOn(
    begin: string,
    more: string,
  ): Promise<{ url: string; said: () => number }> {
    let said = 0;
    const server = await rawServerThat({
      request: (socket) => {
        socket.write(begin);
        const goOn = (): void => {
          while (!socket.destroyed && socket.write(more)) said += more.length;
          said += more.length;
        };
        socket.on('drain', goOn);
        goOn();
      },
    });
    return { url: opened.use(server).url, said: () => said };
  }

  test.for<[string, string, string, Partial<Delivery>]>([
    [
      'its body',
      `${ok}\r\n\r\n`,
      ' '.repeat(65_536),
      { replied: true, unreadable: 'the reply is too large' },
    ],
    [
      'its body in small pieces',
      `${ok}\r\ntransfer-encoding: chunked\r\n\r\n`,
      '1\r\nx\r\n'.repeat(1_000),
      { replied: true, unreadable: 'the reply is too large' },
    ],
    [
      'its headers',
      `${ok}\r\n`,
      'x: y\r\n'.repeat(1_000),
      { replied: false, sent: true, code: 'REPLY_HEAD_TOO_LARGE' },
    ],
    [
      'one header',
      `${ok}\r\nx: `,
      'y'.repeat(10_000),
      { replied: false, sent: true, code: 'REPLY_HEAD_TOO_LARGE' },
    ],
    [
      'interim replies',
      '',
      'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100),
      { replied: false, sent: true, code: 'REPLY_HEAD_TOO_LARGE' },
    ],
    [
      'an interim reply',
      'HTTP/1.1 103 Hints\r\nx: ',
      'y'.repeat(10_000),
      { replied: false, sent: true, code: 'REPLY_HEAD_TOO_LARGE' },
    ],
  ])('in bytes: %s', async ([, begin, more, expected]) => {
    const { url, said } = await factoryThatGoesOn(begin, more);
    expect(await deliver(url, { timeoutMs: 30_000 })).toMatchObject(expected);
    // What the kernel takes in before the connection is closed is not ours.
    expect(said()).toBeLessThan(20_000_000);
  });

  test.for(['', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 200 OK\r\nx: ', 'HTTP/1.1 200 '])(
    'in time, where it drips after %j',
    async (begin) => {
      const server = await rawServerThat({
        request: (socket) => {
          socket.write(begin);
          const drip = setInterval(() => socket.write('y'), 20);
          socket.on('close', () => clearInterval(drip));
        },
      });
      expect(await deliver(opened.use(server).url, { timeoutMs: 200 })).toMatchObject({
        replied: false,
        sent: true,
      });
    },
  );

  test('once it is unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(20_000_000));
    const { url } = await factoryThat((_incoming, reply) =>
      reply.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    );
    expect(await deliver(url)).toMatchObject({ replied: true, unreadable: 'the reply is too large' });
  });
});

describe('a connection', () => {
  /** A factory that counts its connections, and how often it read each order. */
  async function countingFactory(
    headers: Record<string, string> = {},
    onReply: (socket: Socket) => void = () => {},
  ) {
    const read = new Map<string, number>();
    const { server, url } = await factoryThat(async (incoming, reply) => {
      const { order } = JSON.parse(Buffer.concat(await incoming.toArray()).toString()) as FactoryRequest;
      read.set(String(order.id), (read.get(String(order.id)) ?? 0) + 1);
      const { socket } = incoming;
      reply
        .on('finish', () => onReply(socket))
        .writeHead(200, headers)
        .end(body);
    });
    let connections = 0;
    let open = 0;
    server.on('connection', (socket) => {
      connections += 1;
      open += 1;
      socket.on('close', () => (open -= 1));
    });
    return { url, read, connections: () => connections, open: () => open };
  }

  function deliverOrder(client: FactoryClient, id = 'pb-1'): Promise<Delivery> {
    return client.deliver(
      { ...request, order: { ...request.order, id } },
      { timeoutMs: 2_000, signal: nobodyLetsGo },
    );
  }

  test('is used again at once where a repeat does no harm, and closed when it was idle for a moment', async () => {
    const { url, connections, open } = await countingFactory();
    const client = clientFor(url);
    for (let n = 0; n < 10; n += 1) await deliverOrder(client);
    expect(connections()).toBe(1);
    await expect.poll(open, { timeout: 2_000 }).toBe(0);
    await Promise.all([deliverOrder(client), deliverOrder(client)]);
    expect(connections()).toBe(3);
  });

  test('is not used again where the factory says that it closes it within a second', async () => {
    const { url, connections } = await countingFactory({ 'keep-alive': 'timeout=1' });
    const client = clientFor(url);
    for (let n = 0; n < 3; n += 1) await deliverOrder(client);
    expect(connections()).toBe(3);
  });

  test('carries one order only where a repeat is not safe', async () => {
    const { url, connections, open } = await countingFactory();
    const client = clientFor(url, { repeatable: false });
    for (let n = 0; n < 5; n += 1) await deliverOrder(client);
    expect(connections()).toBe(5);
    await expect.poll(open).toBe(0);
  });

  test.for([false, true])(
    'that its factory closes after 20 ms costs no doubt about any of 600 orders, repeatable: %s',
    async (repeatable) => {
      const closesWhenIdle = (socket: Socket): void => {
        const { bytesRead } = socket;
        setTimeout(() => void (socket.bytesRead === bytesRead && socket.destroy()), 20).unref();
      };
      const { url, read } = await countingFactory({}, closesWhenIdle);
      const client = clientFor(url, { repeatable });
      const deliveries = await Promise.all(
        Array.from({ length: 12 }, async (_, lane) => {
          const results: Delivery[] = [];
          for (let n = 0; n < 50; n += 1) {
            results.push(await deliverOrder(client, `pb-${lane}-${n}`));
            await sleep(18 + (n % 5));
          }
          return results;
        }),
      );
      expect(deliveries.flat().filter(({ replied }) => !replied)).toEqual([]);
      expect([...read.values()]).toEqual(Array.from({ length: 600 }, () => 1));
    },
  );

  test('that ends unanswered after it had carried an order is replaced once, and only where a repeat does no harm', async () => {
    let orders = 0;
    const { url } = await factoryThat((incoming, reply) => {
      orders += 1;
      incoming.resume().on('end', () => (orders === 1 ? reply.end(body) : incoming.socket.destroy()));
    });
    const client = clientFor(url);
    await deliverOrder(client);
    expect(await deliverOrder(client)).toMatchObject({ replied: false, sent: true });
    expect(orders).toBe(3);
    // A new one that ends so is not replaced: the factory had every chance to answer.
    expect(await deliverOrder(client)).toMatchObject({ replied: false, sent: true });
    expect(orders).toBe(4);
    expect(await deliverOrder(clientFor(url, { repeatable: false }))).toMatchObject({ sent: true });
    expect(orders).toBe(5);
  });

  test('that ends unanswered stays a doubt about the order also where no new one can be had', async () => {
    let orders = 0;
    const { server, url } = await factoryThat((incoming, reply) => {
      orders += 1;
      if (orders === 1) return reply.end(body);
      server.close();
      return incoming.socket.destroy();
    });
    const client = clientFor(url);
    await deliverOrder(client);
    expect(await deliverOrder(client)).toEqual({ replied: false, sent: true, code: 'ECONNREFUSED' });
  });

  test('on which time runs out is not replaced', async () => {
    let orders = 0;
    const { url } = await factoryThat((_incoming, reply) => {
      orders += 1;
      if (orders === 1) reply.end(body);
    });
    const client = clientFor(url);
    await deliverOrder(client);
    const late = await client.deliver(request, { timeoutMs: 100, signal: nobodyLetsGo });
    expect(late).toEqual({ replied: false, sent: true, code: 'TimeoutError' });
    expect(orders).toBe(2);
  });

  test('offers HTTP/1.1 only, also over TLS', async () => {
    const hello = Promise.withResolvers<string>();
    const server = opened.use(
      await rawServerThat({
        connection: (socket) => socket.once('data', (chunk) => hello.resolve(chunk.toString('latin1'))),
        request: () => {},
      }),
    );
    void deliver(server.url.replace('http:', 'https:'), { timeoutMs: 500 });
    expect(await hello.promise).toContain('\bhttp/1.1');
    expect(await hello.promise).not.toContain('\u0002h2');
  });

  test('that was opened for an order and never carried it is not used for another one', async () => {
    const { url, connections, open } = await countingFactory();
    const client = clientFor(url, { repeatable: false });
    const letGo = new AbortController();
    const given = client.deliver(request, { timeoutMs: 2_000, signal: letGo.signal });
    letGo.abort(new Error('stopping'));
    expect(await given).toMatchObject({ replied: false, sent: false });
    await deliverOrder(client);
    await expect.poll(open).toBe(0);
    expect(connections()).toBeLessThanOrEqual(2);
  });
});

test('closing a client ends the calls that are under way', async () => {
  for (const repeatable of [true, false]) {
    const asked = Promise.withResolvers<void>();
    const { url } = await factoryThat(() => asked.resolve());
    const client = clientFor(url, { repeatable });
    const call = client.deliver(request, { timeoutMs: 30_000, signal: nobodyLetsGo });
    await asked.promise;
    await client[Symbol.asyncDispose]();
    expect(await call).toEqual({ replied: false, sent: true, code: 'UND_ERR_DESTROYED' });
  }
});
