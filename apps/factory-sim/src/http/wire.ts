import type { FastifyReply } from 'fastify';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Answer, Wire } from '../faults/plan.ts';

const encoders: Record<string, (text: string) => Buffer> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
  unknown: (text) => Buffer.from(text).map((byte) => byte ^ 0xff) as Buffer,
};

/** Sends an answer over the wire, or leaves the connection as the answer says. */
export function give(answer: Answer, reply: FastifyReply): FastifyReply {
  if (typeof answer === 'string') {
    reply.hijack();
    if (answer === 'reset') reply.raw.socket?.resetAndDestroy();
    return reply;
  }
  const { status, headers = {}, body, wire } = answer;
  reply.code(status).headers(headers);
  return wire ? giveOver(wire, body, reply) : reply.send(body);
}

function giveOver(wire: Wire, body: unknown, reply: FastifyReply): FastifyReply {
  if ('encoding' in wire) {
    const packed = encoders[wire.encoding]!(JSON.stringify(body));
    return reply
      .headers({ 'content-type': 'application/json', 'content-encoding': wire.encoding })
      .send(packed);
  }
  if ('interim' in wire) {
    const { status, count } = wire.interim;
    reply.raw.socket?.write(`HTTP/1.1 ${status} Interim\r\n\r\n`.repeat(count));
    return reply.send(body);
  }
  const { socket } = reply.raw;
  if (socket) reply.raw.on('finish', () => closeWhenIdle(socket, wire.idleCloseMs));
  return reply.send(body);
}

/** What arrives in the meantime counts once this process has read it: what it has not read is lost. */
function closeWhenIdle(socket: Socket, ms: number): void {
  const { bytesRead } = socket;
  const close = (): void => void (socket.bytesRead === bytesRead && socket.destroy());
  setTimeout(close, ms).unref();
}
