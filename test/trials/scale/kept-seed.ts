import { createHash } from 'node:crypto';
import { access, copyFile, glob, mkdir, readFile, rename, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Redis } from '@proofbox/local';
import type { Connection } from './scale-shop.ts';
import { untilPersisted } from './until-persisted.ts';

/** Which dead letters a Redis has. */
const stampKey = '{scale}:seed';

type Seed = { orders: number; together: number };
type Place = { server: Redis; redis: Connection; file: string };

/** Loads what an earlier run has kept. @returns false where there is nothing, or other dead letters than these */
export async function loadKept({ server, redis, file }: Place, seed: Seed): Promise<boolean> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return false;
  await symlink(path.resolve(file), path.join(server.dataDir!, 'dump.rdb'));
  await server.restart();
  if ((await redis.get(stampKey)) === (await stampOf(seed))) return true;
  await redis.flushall();
  return false;
}

/** Keeps what there is for later runs. */
export async function keep({ server, redis, file }: Place, seed: Seed): Promise<void> {
  await redis.set(stampKey, await stampOf(seed));
  await redis.bgsave();
  await untilPersisted(redis, /rdb_bgsave_in_progress:0/, /rdb_last_bgsave_status:ok/);
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await copyFile(path.join(server.dataDir!, 'dump.rdb'), `${file}.part`);
  await rename(`${file}.part`, file);
}

/** Changes with everything that the dead letters are made of. */
async function stampOf(seed: Seed): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(seed));
  const ledger = path.resolve(import.meta.dirname, '../../../packages/ledger/src');
  const sources = [
    path.join(import.meta.dirname, 'dead-letters.ts'),
    path.join(ledger, 'testing/seeding.ts'),
  ];
  for await (const script of glob(path.join(ledger, '{testing/seed,search/dead-letter-places}.lua')))
    sources.push(script);
  for (const source of sources.toSorted()) hash.update(await readFile(source));
  return hash.digest('hex');
}
