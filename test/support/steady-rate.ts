import { setTimeout as pause } from 'node:timers/promises';

/**
 * Calls `start` so many times a second until `signal` aborts, without waiting for one call before the next; a call
 * that comes late is made up for. Resolves when all of them have ended.
 * @param start must never reject
 */
export async function atSteadyRate(options: {
  perSecond: number;
  signal: AbortSignal;
  start: () => Promise<void>;
}): Promise<void> {
  const { perSecond, signal, start } = options;
  const begunAt = performance.now();
  const started: Promise<void>[] = [];
  while (!signal.aborted) {
    const dueInMs = begunAt + (started.length * 1_000) / perSecond - performance.now();
    if (dueInMs > 0) await pause(dueInMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) started.push(start());
  }
  await Promise.all(started);
}
