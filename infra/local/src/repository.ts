import path from 'node:path';

/** The root folder of the repository. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../../..');

/** Everything a run leaves behind on this machine: Redis data, keys, secrets, logs. Not under version control. */
export const dataRoot = path.join(repositoryRoot, '.data');

/** The compiled code of what is run in this repository (NODE_COMPILE_CACHE). */
export const compileCache = path.join(dataRoot, 'compile-cache');

export const redisConf = path.join(repositoryRoot, 'infra/redis/redis.conf');

export type AppName = 'ingest' | 'worker' | 'admin' | 'factory-sim';

/** The entry point of an app, as an absolute path. */
export function appScript(app: AppName): string {
  return path.join(repositoryRoot, 'apps', app, 'src/main.ts');
}
