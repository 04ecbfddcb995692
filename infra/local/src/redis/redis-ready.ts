import { askRedis } from './redis-ask.ts';
import { waitUntil } from '../process/wait-until.ts';

/**
 * Waits until Redis answers PING. One that still loads its file answers, but not with PONG.
 * @throws Error with what Redis said last; whatever `signal` was aborted with
 */
export async function untilRedisReady(
  url: string,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<void> {
  let last = 'no answer';
  await waitUntil(
    async () => {
      last = await askRedis(url, ['PING']).catch((error: unknown) => String(error));
      return last === '+PONG';
    },
    { ...options, describe: () => `not ready after ${options.timeoutMs / 1000} s (${last})` },
  );
}
