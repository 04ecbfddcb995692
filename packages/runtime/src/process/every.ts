import { setTimeout as delay } from 'node:timers/promises';

export type EveryOptions = {
  /** Pauses are longer by up to this part, so that processes that started together do not go on together. */
  jitter?: number;
  /** Work that failed waits twice as long each time, up to so many intervals. Default: 1, so it does not. */
  mostBackOff?: number;
  /** Waits for so many ms, or until `signal` aborts. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

/**
 * Does `work` at once and then every `intervalMs`, one run after the other, until disposed, which waits for the run under
 * way. Its `signal` aborts then. A failure is reported, and the next run comes.
 */
export function every(
  intervalMs: number,
  work: (signal: AbortSignal) => Promise<void>,
  onError: (error: Error) => void,
  { jitter = 0, mostBackOff = 1, sleep = pause }: EveryOptions = {},
): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  async function loop(): Promise<void> {
    for (let backOff = 1; !signal.aborted;) {
      try {
        await work(signal);
        backOff = 1;
      } catch (error) {
        backOff = Math.min(2 * backOff, mostBackOff);
        onError(error as Error);
      }
      await sleep(intervalMs * backOff * (1 + jitter * Math.random()), signal);
    }
  }
  const ended = loop();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await ended;
    },
  };
}

/** Ends at once when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** Stops loops that go on side by side together. */
export async function stopAll(loops: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(loops.map((loop) => loop[Symbol.asyncDispose]()));
}
