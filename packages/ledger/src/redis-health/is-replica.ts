import type { Redis } from 'ioredis';

/** Whether what answers on this connection is a replica. Where it does not say, it is taken for a primary. */
export async function isReplica(redis: Redis): Promise<boolean> {
  const info = await redis.info('replication').catch(() => '');
  return /^role:slave\b/m.test(info);
}
