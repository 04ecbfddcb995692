import { setTimeout as sleep } from 'node:timers/promises';

/** Does something until `signal` is aborted, `intervalMs` after it has last been done. @returns when it has ended */
export async function repeat(
  work: () => Promise<void>,
  options: { intervalMs: number; signal: AbortSignal; onError: (error: Error) => void },
): Promise<void> {
  const { intervalMs, signal, onError } = options;
  while (!signal.aborted) {
    await work().catch(onError);
    await pause(intervalMs, signal);
  }
}

/** Ends at once when `signal` is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
