import { createServer } from 'node:net';
import { environment } from '../environment.ts';

/** Below the ephemeral range of Linux and macOS, so that no outgoing connection takes the port between check and use. */
const lowest = 15_000;
const highest = 30_000;

/**
 * Processes that run tests side by side look in parts of their own: between the check of a port and its use another one
 * could take it. Vitest numbers them from 1.
 */
const parts = 8;

const handedOut = new Set<number>();

/**
 * A TCP port on 127.0.0.1 that nothing listens on and that this process has not been given before.
 * @throws Error when all of 15000 to 29999 are taken
 */
export async function freePort(): Promise<number> {
  const count = highest - lowest;
  const part = Number(environment()['VITEST_POOL_ID'] ?? 0) % parts;
  const start = Math.floor(((part + Math.random()) * count) / parts);
  for (let step = 0; step < count; step += 1) {
    const port = lowest + ((start + step) % count);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port from ${lowest} to ${highest - 1} on 127.0.0.1.`);
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1' }, () => probe.close(() => resolve(true)));
  });
}
