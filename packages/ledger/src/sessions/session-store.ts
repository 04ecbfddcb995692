import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';

/** Sessions of browsers, each until its time is over. Redis knows them under a hash: what is read there opens nothing. */
export type SessionStore = {
  /** @param endsAt ms since the epoch */
  save(id: string, value: string, endsAt: number): Promise<void>;
  find(id: string): Promise<string | undefined>;
  end(id: string): Promise<void>;
};

export function createSessionStore({ redis, names }: { redis: Redis; names: Names }): SessionStore {
  const keyOf = (id: string): string =>
    names.adminSession(createHash('sha256').update(id).digest('base64url'));
  return {
    async save(id, value, endsAt) {
      await redis.set(keyOf(id), value, 'PXAT', endsAt);
    },
    async find(id) {
      return (await redis.get(keyOf(id))) ?? undefined;
    },
    async end(id) {
      await redis.del(keyOf(id));
    },
  };
}
