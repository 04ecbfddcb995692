import { startStack, type Stack } from '@proofbox/local';
import type { ScaleShop } from './scale-shop.ts';

/** Ingest and admin on the Redis with the dead letters. No worker: what is replayed stays in the queue. */
export async function openScaleStack({ redisUrl }: ScaleShop): Promise<Stack> {
  return startStack({
    redisUrl,
    keyTag: 'scale',
    workers: 0,
    fallback: false,
    timings: { waitMs: 0 },
    env: { all: { LOG_LEVEL: 'warn' }, ingest: { DOUBLE_CLICK_MS: '0' } },
    readyTimeoutMs: 60_000,
  });
}
