import { getPage } from './get-page.ts';

/**
 * What a health page says: `good` when it answered with 2xx, not good when it answered with 5xx or not at all. Any
 * other answer says nothing: the factory is alive, and most likely has no such page.
 */
export type HealthAnswer = { good: boolean | undefined; detail: string; durationMs: number };

const timeoutMs = 2_000;
/** More of a page is not read. */
const maxReplyBytes = 64 * 1024;

/** Asks a health page once: no key is sent, and no redirect followed. Never rejects. */
export async function askHealthPage(url: string, signal: AbortSignal): Promise<HealthAnswer> {
  const startedAt = performance.now();
  const answer = await getPage(url, { timeoutMs, maxReplyBytes, signal });
  const durationMs = performance.now() - startedAt;
  const code = answer.replied ? answer.cutOff : answer.code;
  if (!answer.replied || code !== undefined)
    return { good: false, detail: `no answer (${code})`, durationMs };
  return { good: meaningOf(answer.status), detail: String(answer.status), durationMs };
}

function meaningOf(status: number): boolean | undefined {
  if (status >= 200 && status < 300) return true;
  return status >= 500 ? false : undefined;
}
