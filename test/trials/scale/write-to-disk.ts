import type { Connection } from './scale-shop.ts';
import { untilPersisted } from './until-persisted.ts';

/** From now on Redis writes as it does in production: each change is on the disk before it is answered. */
export async function writeToDisk(redis: Connection): Promise<void> {
  await redis.config('SET', 'appendfsync', 'always');
  await redis.config('SET', 'appendonly', 'yes');
  await untilPersisted(
    redis,
    /aof_enabled:1/,
    /aof_rewrite_in_progress:0/,
    /aof_rewrite_scheduled:0/,
    /aof_last_bgrewrite_status:ok/,
  );
}
