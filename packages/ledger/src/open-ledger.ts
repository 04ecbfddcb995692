import { createBreakerStore } from './fleet/breaker-store.ts';
import { createQueuePause } from './queue/queue-pause.ts';
import { createLedger } from './orders/ledger.ts';
import { createOrderQueue } from './queue/order-queue.ts';
import { connectFailingFast, connectPatiently, connectSubscriber } from './redis/connections.ts';
import { createNames, databaseOf } from './redis/names.ts';
import { createRedisClock } from './redis/redis-clock.ts';
import { RedisWatch, type RedisWatchOptions } from './redis-health/redis-watch.ts';

export type OpenLedgerOptions = Pick<RedisWatchOptions, 'onCondition' | 'onFacts'> & {
  url: string;
  keyTag: string;
  /**
   * `patiently`: commands wait for Redis however long it is away, for a process that must finish what it began.
   * `failing-fast`: they fail within 2 s, for a process that has a person waiting.
   */
  connect: 'patiently' | 'failing-fast';
  /** What Redis must promise. By default nothing: whether it keeps the orders that it takes is for ingest to find out. */
  rules?: RedisWatchOptions['rules'];
  onError: (error: Error) => void;
};

export type OpenLedger = ReturnType<typeof openLedger>;

/** The ledger of a shop with all that stands beside it in the same Redis. Disposing closes the connections. */
export function openLedger({ url, keyTag, connect, onError, ...watching }: OpenLedgerOptions) {
  const opened = new AsyncDisposableStack();
  const names = createNames(keyTag, databaseOf(url));
  const redis = (connect === 'patiently' ? connectPatiently : connectFailingFast)({ url, onError });
  opened.defer(() => redis.disconnect());
  const { subscriber, refusal } = connectSubscriber({ url, onError });
  opened.defer(() => subscriber.disconnect());
  const rules = { isTrusted: true, minReplicas: 0 };
  return {
    redis,
    subscriber,
    names,
    clock: createRedisClock({ redis }),
    ledger: createLedger({ redis, names }),
    queue: opened.use(createOrderQueue({ redis, names, onError })),
    breakers: createBreakerStore({ redis, subscriber, names, onError }),
    queuePause: createQueuePause({ redis, subscriber, names, onError }),
    watch: opened.use(new RedisWatch({ redis, names, refusal, rules, ...watching })),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
