import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until the answer is true.
 * @throws Error with `describe()` when it is not true within `timeoutMs`; whatever `signal` was aborted with
 */
export async function waitUntil(
  isTrue: () => Promise<boolean>,
  options: { timeoutMs: number; describe: () => string; everyMs?: number; signal?: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  while (!(await isTrue())) {
    options.signal?.throwIfAborted();
    if (performance.now() > deadline) throw new Error(options.describe());
    await delay(options.everyMs ?? 25);
  }
}
