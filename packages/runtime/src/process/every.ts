import { setTimeout as sleep } from 'node:timers/promises';

/** Does `work` every `intervalMs`, one after the other, until disposed; a failure is told and the next turn comes. */
export function every(
  intervalMs: number,
  work: () => Promise<void>,
  onError: (error: Error) => void,
): AsyncDisposable {
  const stop = new AbortController();
  async function loop(): Promise<void> {
    while (!stop.signal.aborted) {
      await work().catch(onError);
      await sleep(intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }
  const ended = loop();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}
