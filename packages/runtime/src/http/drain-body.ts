import type { IncomingMessage } from 'node:http';

/**
 * Reads the rest of a body and drops it, up to a bound. A client that is still sending does not look at a reply yet,
 * and closing the connection under it would take the reply away with a reset.
 */
export async function drainBody(
  body: IncomingMessage,
  bound: { maxBytes: number; timeoutMs: number },
): Promise<void> {
  const isOver = body.complete || body.readableEnded || body.destroyed;
  if (isOver || Number(body.headers['content-length']) > bound.maxBytes) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  let received = 0;
  const timer = setTimeout(resolve, bound.timeoutMs);
  body.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > bound.maxBytes) resolve();
  });
  body.once('end', resolve).once('close', resolve).resume();
  await promise;
  clearTimeout(timer);
}
