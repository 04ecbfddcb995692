import path from 'node:path';

/** The root folder of the repository. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../../..');

/** Everything a run leaves behind on this machine: Redis data, keys, secrets, logs. Not under version control. */
export const dataRoot = path.join(repositoryRoot, '.data');

/** The compiled code of what is run in this repository (NODE_COMPILE_CACHE). */
export const compileCache = path.join(dataRoot, 'compile-cache');

export const redisConf = path.join(repositoryRoot, 'infra/redis/redis.conf');

/** The apps that run on Node.js. */
export const appNames = ['ingest', 'worker', 'admin', 'factory-sim', 'cli'] as const;
export type AppName = (typeof appNames)[number];

/** The entry point of an app as `buildApps` makes it, as an absolute path. */
export function appScript(app: AppName): string {
  return path.join(repositoryRoot, 'apps', app, 'dist/main.js');
}
