import type { Socket } from 'node:net';

/** Of an interim reply: all of 1xx but 101, which ends HTTP on a connection. */
const interimStatus = /^HTTP\/1\.[01] 1(?!01)\d\d/;
const anyReply = 'HTTP/1.';
const endOfHead = /\r?\n\r?\n/;
/** Of one reply, with all interim ones before it. */
const maxHeadBytes = 16 * 1024;

/**
 * Puts right what comes before the body of a reply, on a connection that carries one request at a time. Any server, and
 * any proxy on the way, may send interim replies unasked (RFC 9110, 15.2), and some write lines, or the length, as a client
 * should understand them all the same (RFC 9112, 2.2, 5 and 6.3). undici breaks a connection on each of these.
 */
export function mendReplyHeads(socket: Socket): void {
  const heads = new ReplyHeads();
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket) as (...data: unknown[]) => boolean;

  socket.write = (...data: unknown[]): boolean => {
    heads.awaitReply();
    return write(...data);
  };
  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk = read(size) as Buffer | null;
      if (chunk === null) return null;
      const mended = heads.take(chunk);
      if (mended === 'too large') {
        socket.destroy(Object.assign(new Error('a reply without end'), { code: 'REPLY_HEAD_TOO_LARGE' }));
        return null;
      }
      if (mended.length > 0) return mended;
    }
  };
}

/** Takes what is read in pieces. The beginning of a head is held until the rest of it comes. */
export class ReplyHeads {
  #isAwaiting = true;
  #held: Buffer = Buffer.alloc(0);
  #dropped = 0;

  /** From now on a head may come; what follows it is body. */
  awaitReply(): void {
    this.#isAwaiting = true;
    this.#dropped = 0;
  }

  take(chunk: Buffer): Buffer | 'too large' {
    if (!this.#isAwaiting) return chunk;
    let bytes = Buffer.concat([this.#held, chunk]);
    while (beginsReply(bytes)) {
      const text = bytes.toString('latin1', 0, maxHeadBytes);
      const end = endOfHead.exec(text);
      if (end === null) return this.#hold(bytes);
      const head = text.slice(0, end.index);
      bytes = bytes.subarray(end.index + end[0].length);
      if (!interimStatus.test(head)) return this.#pass(`${plainHead(head)}\r\n\r\n`, bytes);
      this.#dropped += end.index;
    }
    return this.#pass('', bytes);
  }

  #hold(bytes: Buffer): Buffer | 'too large' {
    this.#held = bytes;
    return this.#dropped + bytes.length >= maxHeadBytes ? 'too large' : Buffer.alloc(0);
  }

  #pass(head: string, rest: Buffer): Buffer {
    this.#isAwaiting = false;
    this.#held = Buffer.alloc(0);
    return Buffer.concat([Buffer.from(head, 'latin1'), rest]);
  }
}

/** So far it looks like it; anything else is left to the parser. */
function beginsReply(bytes: Buffer): boolean {
  return anyReply.startsWith(bytes.toString('latin1', 0, anyReply.length));
}

function plainHead(head: string): string {
  return withPlainLength(
    head
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .replaceAll(/\r?\n/g, '\r\n')
      .replaceAll(/^([\w-]+)[ \t]+:/gm, '$1:'),
  );
}

/** A length that is said several times is said once, and not at all beside chunks, which say it themselves. */
function withPlainLength(head: string): string {
  const lengths = [...head.matchAll(/^content-length:(.*)$/gim)].flatMap(([, said = '']) => said.split(','));
  const [length, ...others] = new Set(lengths.map((each) => each.trim()));
  const isChunked = /^transfer-encoding:.*\bchunked\b/im.test(head);
  if (length === undefined || others.length > 0 || (lengths.length === 1 && !isChunked)) return head;
  const withoutLength = head.replaceAll(/\r\ncontent-length:[^\r\n]*/gi, '');
  return isChunked ? withoutLength : `${withoutLength}\r\ncontent-length: ${length}`;
}
