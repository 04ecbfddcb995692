import { request } from 'undici';

/**
 * What a health page told: `good` when it answered with 2xx, not good when it answered with 5xx or not at all. Any
 * other answer says nothing: the factory is alive, and most likely has no such page.
 */
export type HealthAnswer = { good: boolean | undefined; detail: string; durationMs: number };

const timeoutMs = 2_000;
/** More of a page is not read. */
const maxReplyBytes = 64 * 1024;

/** Asks a health page once: no key is sent, and no redirect followed. Never rejects. */
export async function askHealthPage(url: string, signal: AbortSignal): Promise<HealthAnswer> {
  const startedAt = performance.now();
  const answer = await statusOf(url, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  return { ...answer, durationMs: performance.now() - startedAt };
}

async function statusOf(url: string, signal: AbortSignal): Promise<Omit<HealthAnswer, 'durationMs'>> {
  try {
    const { statusCode, body } = await request(url, { signal });
    await body.dump({ limit: maxReplyBytes, signal });
    return { good: meaningOf(statusCode), detail: String(statusCode) };
  } catch (error) {
    return { good: false, detail: `no answer (${codeOf(error)})` };
  }
}

function meaningOf(status: number): boolean | undefined {
  if (status >= 200 && status < 300) return true;
  return status >= 500 ? false : undefined;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
