import type { Redis } from 'ioredis';

/** What a Redis says of itself, as far as orders depend on it. */
export type RedisFacts = {
  /** Such as `7.4.2`. */
  version: string;
  /** `master` takes writes; anything else does not. */
  role: string;
  isLoading: boolean;
  connectedReplicas: number;
  usedMemoryBytes: number;
  /** 0: no limit. */
  maxMemoryBytes: number;
  /** By name, each one of `watchedSettings`; undefined when CONFIG is hidden from us. */
  settings: Record<string, string> | undefined;
};

const watchedSettings = ['appendonly', 'appendfsync', 'no-appendfsync-on-rewrite', 'maxmemory-policy'];

/**
 * Asks a Redis, in one round trip, what it does with what is written to it.
 * @throws Error of the connection, or of a Redis that refuses INFO
 */
export async function readRedisFacts(redis: Redis): Promise<RedisFacts> {
  const pipeline = redis.pipeline().info();
  for (const name of watchedSettings) pipeline.config('GET', name);
  const [info, ...settings] = (await pipeline.exec()) ?? [];
  if (info?.[0]) throw info[0];
  const about = parseInfo(String(info?.[1]));
  return {
    version: about['redis_version'] ?? '0',
    role: about['redis_mode'] === 'sentinel' ? 'sentinel' : (about['role'] ?? 'unknown'),
    isLoading: about['loading'] === '1',
    connectedReplicas: Number(about['connected_slaves'] ?? 0),
    usedMemoryBytes: Number(about['used_memory'] ?? 0),
    maxMemoryBytes: Number(about['maxmemory'] ?? 0),
    settings: readSettings(settings),
  };
}

function readSettings(replies: [error: Error | null, reply: unknown][]): RedisFacts['settings'] {
  const entries = replies.flatMap(([error, reply]) => (error ? [] : [pairOf(reply)]));
  // Some services answer CONFIG GET with nothing instead of an error.
  const isWhole = entries.length === watchedSettings.length && entries.every((entry) => entry !== undefined);
  return isWhole ? Object.fromEntries(entries) : undefined;
}

/** `[name, value]`, or the same as an object, whichever the protocol has. */
function pairOf(reply: unknown): [string, string] | undefined {
  const [name, value] = Array.isArray(reply) ? reply : (Object.entries(reply ?? {})[0] ?? []);
  return typeof name === 'string' && typeof value === 'string' ? [name, value] : undefined;
}

function parseInfo(text: string): Record<string, string> {
  const lines = text.matchAll(/^(\w+):(.*?)\r?$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}
