import { Redis, type RedisOptions } from 'ioredis';
import { askRegularly } from './ask-regularly.ts';
import { isDatabaseRefused } from '../redis-health/database-check.ts';
import { isReplica } from '../redis-health/is-replica.ts';
import { keepSubscribed } from './keep-subscribed.ts';
import { redisTroubleOf } from '../redis-health/redis-trouble.ts';

export type RedisHandle = { url: string; onError: (error: Error) => void };

/** A healthy Redis answers within milliseconds, a busy disk may take some hundred. */
const silenceMs = 4_000;

/**
 * For a process that has a person waiting: a command that Redis does not answer in time fails, and none is queued up
 * while Redis is away, so that the caller can say so at once.
 */
export function connectFailingFast(handle: RedisHandle): Redis {
  return connect(handle, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 2_000,
    socketTimeout: silenceMs,
  });
}

/**
 * For a process that must finish what it began: commands wait for Redis however long it is away.
 * @param options.silenceMs a connection that answers nothing for so long is given up, and the commands are sent again
 * over a new one: the network lost it, and TCP alone would take a minute or more to find out. Longer than any fetch blocks.
 */
export function connectPatiently(
  handle: RedisHandle,
  { silenceMs: socketTimeout = 15_000 }: { silenceMs?: number } = {},
): Redis {
  return connect(handle, { maxRetriesPerRequest: null, socketTimeout });
}

/**
 * For subscriptions, and nothing else: they come back with each new connection, and are asked for again when they were
 * refused. `refusal` is what Redis said the last time, where it refused.
 */
export function connectSubscriber(handle: RedisHandle): {
  subscriber: Redis;
  refusal: () => Error | undefined;
} {
  const subscriber = connect(handle, {
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    socketTimeout: silenceMs,
  });
  const subscriptions = keepSubscribed(subscriber, handle.onError);
  askRegularly(subscriber, () => subscriptions.renew());
  return { subscriber, refusal: () => subscriptions.refusal };
}

function connect({ url, onError }: RedisHandle, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  /** How often in a row a primary was looked for, and a replica found. */
  let inVain = 0;
  const redis = new Redis(url, {
    connectTimeout: 2_000,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(50 * (times + inVain), 1_000),
    // Nothing of it has happened: who waits for Redis has it sent again, to whatever answers there then.
    reconnectOnError(error) {
      if (redisTroubleOf(error) !== 'read_only') return false;
      inVain += 1;
      return options.enableOfflineQueue === false ? 1 : 2;
    },
    ...options,
  });
  redis.on('error', (error) => {
    // Otherwise ioredis would go on in database 0.
    if (isDatabaseRefused(error)) redis.disconnect(true);
    onError(error);
  });
  askRegularly(redis, async () => {
    const isVain = await isReplica(redis);
    inVain = isVain ? inVain + 1 : 0;
    if (isVain) redis.disconnect(true);
  });
  return redis;
}
