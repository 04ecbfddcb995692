import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openLink, type Link } from './link.ts';

/** A server that says what it was told, and a link before it. */
async function openEcho(): Promise<AsyncDisposable & { link: Link; dial: () => Socket; seen: () => string }> {
  await using opening = new AsyncDisposableStack();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opening.defer(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  let seen = '';
  const link = opening.use(
    await openLink({
      targetPort: (server.address() as AddressInfo).port,
      watchRequests: () => (piece) => void (seen += piece.toString()),
    }),
  );
  const opened = opening.move();
  return {
    link,
    seen: () => seen,
    dial() {
      const socket = connect(link.port, '127.0.0.1');
      opened.defer(() => void socket.destroy());
      return socket;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function say(socket: Socket, words: string): Promise<string> {
  socket.write(words);
  const [heard] = (await once(socket, 'data')) as [Buffer];
  return heard.toString();
}

/** @returns the error's code, or `end` for an orderly one */
function ending(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
    socket.once('end', () => resolve('end'));
  });
}

test('passes on what is said, both ways', async () => {
  await using echo = await openEcho();
  const socket = echo.dial();
  expect(await say(socket, 'one')).toBe('one');
  expect(await say(socket, 'two')).toBe('two');
});

test('resets the connections there are, and each new one, until it is open again', async () => {
  await using echo = await openEcho();
  const socket = echo.dial();
  expect(await say(socket, 'one')).toBe('one');
  const end = ending(socket);
  echo.link.become({ kind: 'reset' });
  expect(await end).toBe('ECONNRESET');
  expect(await ending(echo.dial())).toBe('ECONNRESET');
  echo.link.become({ kind: 'open' });
  expect(await say(echo.dial(), 'again')).toBe('again');
});

test('closes connections in an orderly way', async () => {
  await using echo = await openEcho();
  const socket = echo.dial();
  expect(await say(socket, 'one')).toBe('one');
  const end = ending(socket);
  echo.link.become({ kind: 'close' });
  expect(await end).toBe('end');
});

test('a black hole takes all and gives nothing, and what fell in is gone: the connection is reset afterwards', async () => {
  await using echo = await openEcho();
  const socket = echo.dial();
  expect(await say(socket, 'one')).toBe('one');
  const quiet = echo.dial();
  expect(await say(quiet, 'one')).toBe('one');
  echo.link.become({ kind: 'blackhole' });
  const heard: string[] = [];
  socket.on('data', (piece: Buffer) => heard.push(piece.toString()));
  socket.write('lost');
  await expect.poll(echo.seen).toContain('lost');
  const end = ending(socket);
  echo.link.become({ kind: 'open' });
  expect(await end).toBe('ECONNRESET');
  expect(heard).toEqual([]);
  expect(await say(quiet, 'still there')).toBe('still there');
});

test('a delay keeps the order of what is said, also when it ends in between', async () => {
  await using echo = await openEcho();
  const socket = echo.dial();
  let heard = '';
  socket.on('data', (piece: Buffer) => (heard += piece.toString()));
  echo.link.become({ kind: 'delay', ms: 150 });
  socket.write('slow ');
  await expect.poll(() => heard, { timeout: 5_000 }).toBe('slow ');
  socket.write('still slow ');
  echo.link.become({ kind: 'open' });
  socket.write('fast');
  await expect.poll(() => heard, { timeout: 5_000 }).toBe('slow still slow fast');
});
