import { randomUUID } from 'node:crypto';
import { connectPatiently, createLedger, createNames, createOrderQueue, type Ledger } from '@proofbox/ledger';
import { anOrder } from './shopper.ts';

/** The books of a running stack, read and filled past its API. */
export type Books = AsyncDisposable & {
  ledger: Ledger;
  /**
   * Accepts so many orders as an ingest would, many at a time. @returns their ids, oldest first
   * @throws whatever `signal` was aborted with
   */
  fill(orders: number, signal?: AbortSignal): Promise<string[]>;
};

const atOnce = 200;

export function openBooks({ redisUrl, keyTag }: { redisUrl: string; keyTag: string }): Books {
  const onError = (error: Error): void => void process.stderr.write(`${error.message}\n`);
  const redis = connectPatiently({ url: redisUrl, onError });
  const names = createNames(keyTag);
  const ledger = createLedger({ redis, names });
  const queue = createOrderQueue({ redis, names, onError });

  async function acceptOne(): Promise<string> {
    const id = `pb-${randomUUID()}`;
    const order = { ...anOrder(), id } as never;
    await ledger.accept({
      id,
      fingerprint: id,
      source: 'frontend',
      dinerId: '2',
      request: { diner: { id: 2 }, order },
      deadlineMs: 86_400_000,
    });
    await queue.add(id);
    return id;
  }

  return {
    ledger,
    async fill(orders, signal) {
      const ids: string[] = [];
      while (ids.length < orders) {
        signal?.throwIfAborted();
        const batch = Array.from({ length: Math.min(atOnce, orders - ids.length) }, acceptOne);
        ids.push(...(await Promise.all(batch)));
      }
      return ids;
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]();
      redis.disconnect();
    },
  };
}
