import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';

const lookedAtOnce = 500;

export type SettledNotifier = {
  /** Resolves when the order may have changed, or after `timeoutMs`. Either way the ledger has to be asked. */
  next(orderId: string, timeoutMs: number): { woken: Promise<void>; cancel: () => void };
  /** Wakes everybody: there is nothing to wait for any more. */
  wakeAll(): void;
  /**
   * Wakes those who wait for an order that is settled, and who missed the message: a connection may be silent for a while before
   * anybody notices. @param settled says which of these orders have
   */
  look(settled: (orderIds: string[]) => Promise<string[]>): Promise<void>;
  /** Calls `listener` for each order that is settled, as far as messages arrive. */
  watch(listener: (orderId: string) => void): void;
  /** Wakes everybody, and lets nobody wait any more: the process is stopping. */
  stop(): void;
};

/**
 * Wakes those who wait for an order. One subscription serves the whole process; a message lost while the
 * connection was away is made good by waking everybody when it is back.
 */
export function createSettledNotifier(input: {
  redis: Redis;
  names: Names;
  onError: (error: Error) => void;
}): SettledNotifier {
  const { redis, names } = input;
  const waiting = new Map<string, Set<() => void>>();
  const listeners: ((orderId: string) => void)[] = [];

  function wake(orderId: string): void {
    for (const resolve of waiting.get(orderId) ?? []) resolve();
  }

  redis.on('message', (channel, orderId) => {
    if (channel !== names.settled) return;
    wake(orderId);
    for (const listener of listeners) listener(orderId);
  });
  const wakeAll = (): void => [...waiting.keys()].forEach(wake);
  redis.on('ready', wakeAll);
  redis.subscribe(names.settled).catch(input.onError);

  let stopped = false;
  return {
    wakeAll,
    async look(settled) {
      const ids = [...waiting.keys()];
      for (let from = 0; from < ids.length; from += lookedAtOnce)
        for (const id of await settled(ids.slice(from, from + lookedAtOnce))) wake(id);
    },
    watch: (listener) => void listeners.push(listener),
    stop() {
      stopped = true;
      wakeAll();
    },
    next(orderId, timeoutMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, stopped ? 0 : timeoutMs);
      const peers = waiting.get(orderId) ?? new Set();
      waiting.set(orderId, peers.add(resolve));
      const cancel = (): void => {
        clearTimeout(timer);
        resolve();
        peers.delete(resolve);
        if (peers.size === 0 && waiting.get(orderId) === peers) waiting.delete(orderId);
      };
      return { woken: promise.finally(cancel), cancel };
    },
  };
}
