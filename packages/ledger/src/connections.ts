import { Redis, type RedisOptions } from 'ioredis';
import { isDatabaseRefused } from './database-check.ts';

export type RedisHandle = { url: string; onError: (error: Error) => void };

/**
 * For whoever has a person waiting: a command that Redis does not answer in time fails, and none is queued up
 * while Redis is away, so that the caller can say so at once.
 */
export function connectFailingFast(handle: RedisHandle): Redis {
  return connect(handle, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 2_000,
    retryStrategy: (times) => Math.min(50 * times, 1_000),
  });
}

/**
 * For whoever must finish what it began: commands wait for Redis however long it is away.
 * @param options.silenceMs a connection that answers nothing for so long is given up, and the commands are sent again
 * over a new one: the network lost it, and TCP alone would take a minute or more to find out. Longer than any fetch blocks.
 */
export function connectPatiently(
  handle: RedisHandle,
  { silenceMs = 15_000 }: { silenceMs?: number } = {},
): Redis {
  return connect(handle, {
    maxRetriesPerRequest: null,
    socketTimeout: silenceMs,
    retryStrategy: (times) => Math.min(50 * times, 1_000),
  });
}

function connect({ url, onError }: RedisHandle, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  const redis = new Redis(url, { connectTimeout: 2_000, keepAlive: 10_000, ...options });
  redis.on('error', (error) => {
    // Otherwise ioredis would go on in database 0.
    if (isDatabaseRefused(error)) redis.disconnect(true);
    onError(error);
  });
  return redis;
}
