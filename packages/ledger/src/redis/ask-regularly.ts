import type { Redis } from 'ioredis';

const everyMs = 1_000;

/**
 * Asks a connection something each second, and as soon as it is there. One that nobody uses is found out too, when the
 * network has lost it: it is given up once it has been silent for its `socketTimeout`.
 * @param ask must not throw
 */
export function askRegularly(redis: Redis, ask: () => Promise<void>): void {
  let isAsking = false;

  async function askOnce(): Promise<void> {
    if (isAsking || redis.status !== 'ready') return;
    isAsking = true;
    await ask();
    isAsking = false;
  }

  const timer = setInterval(() => void askOnce(), everyMs).unref();
  redis.on('ready', () => void askOnce());
  redis.once('end', () => clearInterval(timer));
}
