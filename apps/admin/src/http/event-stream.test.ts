import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { promisify } from 'node:util';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEventStreams, type EventStream, type EventStreamLimits } from './event-stream.ts';

let server: FastifyInstance;
let opened: EventStream[];
let stillAllowed: () => boolean | Promise<boolean>;
beforeEach(() => {
  server = Fastify({ forceCloseConnections: 'idle' });
  opened = [];
  stillAllowed = () => true;
});
afterEach(() => server.close());

async function serve(limits?: EventStreamLimits): Promise<{ url: string; streams: { size: number } }> {
  const streams = createEventStreams(server, limits);
  server.addHook('onRequest', async (_request, reply) => void reply.header('X-Frame-Options', 'DENY'));
  server.get('/events', (_request, reply) => {
    opened.push(streams.open(reply, { stillAllowed: () => stillAllowed() }));
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/events`, streams };
}

/** A reader as a browser is one; `text` grows. */
async function read(url: string) {
  const leaving = new AbortController();
  const reply = await fetch(url, { signal: leaving.signal });
  const received = { reply, text: '', isOver: false, leave: () => leaving.abort() };
  void (async () => {
    try {
      for await (const piece of reply.body!.pipeThrough(new TextDecoderStream())) received.text += piece;
    } catch {
      // It left, or was dropped.
    }
    received.isOver = true;
  })();
  return received;
}

/** A reader that asks and then reads nothing. */
async function readNothing(url: string): Promise<Socket> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  return socket;
}

test('events arrive as they are sent, each in one piece, and the browser is told when to come back', async () => {
  const { url } = await serve();
  const received = await read(url);
  expect(Object.fromEntries(received.reply.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
  });
  opened[0]!.send('overview', { why: 'two\nlines' });
  opened[0]!.send('bulk', [1]);
  await expect
    .poll(() => received.text)
    .toBe('retry: 2000\n\nevent: overview\ndata: {"why":"two\\nlines"}\n\nevent: bulk\ndata: [1]\n\n');
  opened[0]!.end();
  await expect.poll(() => received.isOver).toBe(true);
  opened[0]!.send('bulk', [2]);
  expect(received.text).not.toContain('[2]');
});

test('it shows that it is alive, and ends once its reader may not read any more', async () => {
  const { url } = await serve({ heartbeatMs: 20 });
  const received = await read(url);
  await expect.poll(() => received.text).toContain(': still here\n\n: still here\n\n');
  stillAllowed = () => Promise.reject(new Error('Redis is away'));
  const { length } = received.text;
  await expect.poll(() => received.text.length).toBeGreaterThan(length + 40);
  expect(received.isOver).toBe(false);
  stillAllowed = async () => false;
  await expect.poll(() => received.isOver).toBe(true);
  expect(opened[0]!.ended.aborted).toBe(true);
});

test('who leaves is let go of', async () => {
  const { url, streams } = await serve();
  const [one, other] = [await read(url), await read(url)];
  expect(streams.size).toBe(2);
  one.leave();
  await expect.poll(() => streams.size).toBe(1);
  expect(opened[0]!.ended.aborted).toBe(true);
  other.leave();
  await expect.poll(() => streams.size).toBe(0);
});

test('a reader that does not read is dropped before it costs memory, and the others go on', async () => {
  const { url, streams } = await serve({ mostBehindBytes: 100_000 });
  const [socket, received] = [await readNothing(url), await read(url)];
  await expect.poll(() => opened.length).toBe(2);
  const piece = 'x'.repeat(50_000);
  for (let sent = 0; sent < 1_000 && streams.size === 2; sent += 1) {
    for (const stream of opened) stream.send('overview', piece);
    // The one that reads gets the time to.
    const expected = (sent + 1) * piece.length;
    await expect.poll(() => received.text.length, { interval: 1 }).toBeGreaterThan(expected);
  }
  expect(streams.size).toBe(1);
  expect(opened.filter(({ ended }) => ended.aborted)).toHaveLength(1);
  opened.find(({ ended }) => !ended.aborted)!.send('bulk', 'after');
  await expect.poll(() => received.text.endsWith('"after"\n\n')).toBe(true);
  socket.destroy();
});

test('a server that closes waits for no stream, not even for one whose reader does not read', async () => {
  const { url, streams } = await serve({ mostBehindBytes: Infinity, endWithinMs: 100 });
  const [socket, received] = [await readNothing(url), await read(url)];
  await expect.poll(() => opened.length).toBe(2);
  for (const stream of opened) stream.send('overview', 'x'.repeat(20_000_000));
  const startedAt = performance.now();
  await server.close();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(streams.size).toBe(0);
  await expect.poll(() => received.isOver).toBe(true);
  socket.destroy();
});

test('a stream that was ended keeps nothing in memory for a reader that does not read', async () => {
  const { url } = await serve({ mostBehindBytes: Infinity, endWithinMs: 100 });
  const socket = await readNothing(url);
  await expect.poll(() => opened.length).toBe(1);
  const connections = promisify(server.server.getConnections.bind(server.server));
  opened[0]!.send('overview', 'x'.repeat(20_000_000));
  expect(await connections()).toBe(1);
  opened[0]!.end();
  await expect.poll(() => connections(), { timeout: 5_000 }).toBe(0);
  socket.destroy();
});

test('a HEAD request does not hang', async () => {
  const { url, streams } = await serve();
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  expect(streams.size).toBe(0);
});
