import type { Redis } from 'ioredis';
import { redisTroubleOf } from '../redis-health/redis-trouble.ts';

export type Subscriptions = {
  /** Subscribes again to everything: harmless where it is subscribed already. */
  renew(): Promise<void>;
  /** What Redis said the last time, where it refused. */
  readonly refusal: Error | undefined;
};

/**
 * Keeps the subscriptions of a connection whose `autoResubscribe` is off: ioredis forgets those that were refused once,
 * and a refusal while it reconnects would end the process.
 * @param onError called once for each refusal
 */
export function keepSubscribed(redis: Redis, onError: (error: Error) => void): Subscriptions {
  const subscribe = redis.subscribe.bind(redis) as (...channels: string[]) => Promise<unknown>;
  const wanted = new Set<string>();
  let refusal: Error | undefined;

  function refused(error: Error): void {
    if (redisTroubleOf(error) === 'away') return;
    if (error.message !== refusal?.message) onError(error);
    refusal = error;
  }

  async function renew(): Promise<void> {
    if (wanted.size === 0 || redis.status !== 'ready') return;
    await subscribe(...wanted).then(() => (refusal = undefined), refused);
  }

  redis.subscribe = (async (...channels: string[]) => {
    for (const channel of channels) wanted.add(channel);
    await renew();
    return wanted.size;
  }) as typeof redis.subscribe;
  return {
    renew,
    get refusal() {
      return refusal;
    },
  };
}
