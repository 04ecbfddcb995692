import { canInstall } from '../apt-get.ts';
import { environment, type Environment } from '../environment.ts';
import { findOnPath } from '../find-on-path.ts';
import { installRedis } from './install-redis.ts';
import { hasContainerRuntime, startRedisContainer } from './redis-container.ts';
import { startRedisProcess } from './redis-process.ts';
import { untilRedisReady } from './redis-ready.ts';
import type { Redis } from './redis.ts';

export type RedisOptions = {
  /** Use this one and start none. */
  redisUrl?: string;
  /** Of one that is started; a free one by default. */
  port?: number;
  /** Where one that is started keeps its file; kept afterwards. Without it the data goes with the server. */
  dataDir?: string;
  /** Start it this way and no other. */
  via?: 'process' | 'container';
  /** Of a server process; they go after, and above, infra/redis/redis.conf. Such as `['--appendfsync', 'everysec']`. */
  args?: string[];
  /** Of a server process; it gets nothing else but PATH and HOME. */
  env?: Environment;
  /** Default: REDIS_IMAGE, else redis:8. */
  image?: string;
  /** Called with one line about what takes long or changes the machine. */
  say?: (line: string) => void;
};

const whatToDo =
  'No Redis: set REDIS_URL, or put redis-server (or valkey-server) on the PATH, or start Docker, or run as root where apt-get exists.';

/**
 * A Redis: the given one, else a server found on the PATH, else a container, else one installed with apt-get.
 * @throws Error in one line that says what to do
 */
export async function ensureRedis(options: RedisOptions = {}): Promise<Redis> {
  if (options.redisUrl !== undefined) return externalRedis(options.redisUrl);
  const location = { port: options.port, dataDir: options.dataDir };
  const setup = { ...location, args: options.args, env: options.env };
  const image = options.image ?? environment().REDIS_IMAGE ?? 'redis:8';
  const isContainerForced = options.via === 'container';

  const program = isContainerForced ? undefined : findRedisServer();
  if (program !== undefined) return startRedisProcess({ program, ...setup });

  if (isContainerForced || (options.via === undefined && (await hasContainerRuntime()))) {
    options.say?.(`Starting Redis in a container of ${image}.`);
    return startRedisContainer({ image, ...location }).catch((error: unknown) => {
      throw new Error(`Redis did not start in a container of ${image}: ${(error as Error).message}`, {
        cause: error,
      });
    });
  }
  return startRedisProcess({ program: await installedRedisServer(options), ...setup });
}

function findRedisServer(): string | undefined {
  return findOnPath('redis-server', 'valkey-server');
}

async function installedRedisServer(options: RedisOptions): Promise<string> {
  if (!canInstall()) throw new Error(whatToDo);
  options.say?.(
    'No Redis and no Docker here: installing redis-server with apt-get (its system service stays off).',
  );
  const failure = await installRedis().then(
    () => undefined,
    (error: Error) => error,
  );
  // Where two runs install at once, one fails and finds what the other has installed.
  const program = findRedisServer();
  if (program !== undefined) return program;
  throw new Error(`${whatToDo} (apt-get: ${failure?.message ?? 'it installed no redis-server'})`, {
    cause: failure,
  });
}

async function externalRedis(url: string): Promise<Redis> {
  const { host, port } = new URL(url);
  await untilRedisReady(url, { timeoutMs: 5_000 }).catch((error: unknown) => {
    throw new Error(`The Redis of REDIS_URL (${host}) is ${(error as Error).message}.`, { cause: error });
  });
  const refuse = (): Promise<never> =>
    Promise.reject(new Error(`The Redis of REDIS_URL (${host}) was not started here.`));
  return {
    source: 'external',
    url,
    port: Number(port || 6379),
    pid: undefined,
    dataDir: undefined,
    exited: new Promise(() => {}),
    kill: refuse,
    restart: refuse,
    logs: () => '',
    async [Symbol.asyncDispose]() {},
  };
}
