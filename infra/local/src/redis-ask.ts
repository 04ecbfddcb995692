import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/**
 * Asks Redis one thing and gives its reply, such as `+PONG`, `-LOADING Redis is loading…`, or the text of a bulk string.
 * Enough to start and to watch a Redis (a reply that is a list is not understood); whoever works with it uses `@proofbox/ledger`.
 * @throws Error when Redis cannot be reached, hangs up, or says nothing for `timeoutMs` (default 2 s)
 */
export async function askRedis(url: string, command: string[], timeoutMs = 2_000): Promise<string> {
  const address = new URL(url);
  const login = loginOf(address);
  const commands = login ? [['AUTH', ...login], command] : [command];
  const socket = open(address);
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no reply within ${timeoutMs} ms`)));
  socket.write(commands.map(encode).join(''));
  let received = '';
  for await (const chunk of socket) {
    received += String(chunk);
    const replies = decode(received);
    const refusal = replies.find((reply) => reply.startsWith('-'));
    if (refusal !== undefined) return refusal;
    if (replies.length === commands.length) return replies.at(-1)!;
  }
  throw new Error('Redis hung up');
}

function open(address: URL): Socket {
  const host = address.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1';
  const port = Number(address.port || 6379);
  return address.protocol === 'rediss:'
    ? connectTls({ host, port, servername: host })
    : connectTcp({ host, port });
}

function loginOf(address: URL): string[] | undefined {
  if (address.password === '') return undefined;
  const password = decodeURIComponent(address.password);
  return address.username === '' ? [password] : [decodeURIComponent(address.username), password];
}

/** RESP: an array of bulk strings. */
function encode(command: string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

/** The replies that have arrived whole: one line each, or, for a bulk string (`$<length>`), the line after. */
function decode(received: string): string[] {
  const lines = received.split('\r\n').slice(0, -1);
  return lines.filter((line, index) => {
    const isLengthLine = line.startsWith('$') && line !== '$-1' && !lines[index - 1]?.startsWith('$');
    return !isLengthLine;
  });
}
