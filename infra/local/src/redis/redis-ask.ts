import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/**
 * Asks Redis one thing and gives its reply: `+PONG`, `:1`, `-LOADING Redis is loading…`, the text of a bulk string,
 * or the entries of a list, one on each line. Enough to start and to watch a Redis; to work with it use `@proofbox/ledger`.
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
    // One character for each byte, because lengths are in bytes.
    received += (chunk as Buffer).toString('latin1');
    const replies = decodeAll(received);
    const refusal = replies.find((reply) => reply.startsWith('-'));
    if (refusal !== undefined) return refusal;
    if (replies.length === commands.length) return Buffer.from(replies.at(-1)!, 'latin1').toString();
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

/** The replies that have arrived whole. */
function decodeAll(received: string): string[] {
  const replies: string[] = [];
  for (let at = 0; ;) {
    const next = decode(received, at);
    if (next === undefined) return replies;
    replies.push(next.reply);
    at = next.end;
  }
}

/** The reply that begins at `at`, or nothing while a part of it is still to come. */
function decode(received: string, at: number): { reply: string; end: number } | undefined {
  const lineEnd = received.indexOf('\r\n', at);
  if (lineEnd === -1) return undefined;
  const line = received.slice(at, lineEnd);
  const size = Number(line.slice(1));
  if (line.startsWith('*')) return decodeList(received, lineEnd + 2, size);
  if (!line.startsWith('$') || size < 0) return { reply: line, end: lineEnd + 2 };
  const end = lineEnd + 2 + size + 2;
  return end > received.length ? undefined : { reply: received.slice(lineEnd + 2, end - 2), end };
}

function decodeList(received: string, at: number, size: number): { reply: string; end: number } | undefined {
  const entries: string[] = [];
  let end = at;
  while (entries.length < size) {
    const entry = decode(received, end);
    if (entry === undefined) return undefined;
    entries.push(entry.reply);
    end = entry.end;
  }
  return { reply: entries.join('\n'), end };
}
