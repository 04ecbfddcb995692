import type { Socket } from 'node:net';

/** `HTTP/1.1 1xx`, but for 101, which ends HTTP on a connection. */
const interimStatus = /^HTTP\/1\.[01] 1(?!01)\d\d/;
const bytesToTell = 'HTTP/1.1 100'.length;
const endOfHeaders = '\r\n\r\n';
/** As much as the headers of a reply may have. */
const maxInterimBytes = 16 * 1024;

/**
 * Takes interim replies (100, 102, 103) out of what is read from a connection that carries one request at a time. Any
 * server, and any proxy on the way, may send them unasked (RFC 9110, 15.2), and undici breaks a connection on a 100.
 */
export function dropInterimReplies(socket: Socket): void {
  const filter = new InterimReplyFilter();
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket) as (...data: unknown[]) => boolean;

  socket.write = (...data: unknown[]): boolean => {
    filter.awaitReply();
    return write(...data);
  };
  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk = read(size) as Buffer | null;
      if (chunk === null) return null;
      const rest = filter.take(chunk);
      if (rest === 'too many') {
        socket.destroy(Object.assign(new Error('interim replies without end'), { code: 'INTERIM_REPLIES' }));
        return null;
      }
      if (rest.length > 0) return rest;
    }
  };
}

/** Bytes that cannot be told yet are held until more come. */
export class InterimReplyFilter {
  #isAwaiting = true;
  #held: Buffer = Buffer.alloc(0);
  #dropped = 0;

  /** From now on interim replies may come. */
  awaitReply(): void {
    this.#isAwaiting = true;
    this.#dropped = 0;
  }

  /** What of these bytes is not an interim reply. */
  take(chunk: Buffer): Buffer | 'too many' {
    if (!this.#isAwaiting) return chunk;
    let bytes = Buffer.concat([this.#held, chunk]);
    while (bytes.length >= bytesToTell) {
      if (!interimStatus.test(bytes.toString('latin1', 0, bytesToTell))) {
        this.#isAwaiting = false;
        this.#held = Buffer.alloc(0);
        return bytes;
      }
      const end = bytes.indexOf(endOfHeaders);
      if (end === -1) break;
      this.#dropped += end + endOfHeaders.length;
      bytes = bytes.subarray(end + endOfHeaders.length);
    }
    this.#held = bytes;
    return this.#dropped + bytes.length > maxInterimBytes ? 'too many' : Buffer.alloc(0);
  }
}
