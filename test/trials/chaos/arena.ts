import {
  ensureRedis,
  freePort,
  startStack,
  type PartEnvironments,
  type Redis,
  type Stack,
} from '@proofbox/local';
import { createFactoryControl, type FactoryControl } from '../../support/factory-control.ts';
import { openClock } from '../../support/open-clock.ts';
import { openLink, type Link } from './link.ts';
import { createMendWatch, type MendWatch } from './mend-watch.ts';
import { createSendCounter, type SendCounter } from './send-counter.ts';
import type { Targets } from './schedule.ts';

const ingests = ['ingest', 'ingest-2'] as const;
const workers = ['worker', 'worker-2', 'worker-3'] as const;
const factories = ['primary', 'fallback'] as const;

/** Slower than a factory is, so that at any moment some orders are in the middle of an attempt. */
const latencyMs = 150;

const hourMs = 3_600_000;

/** What an arena has, by name. A link is named by who connects and to whom. */
export const targets = {
  processes: [...ingests, ...workers, 'admin', ...factories],
  factories,
  links: [
    ...ingests.flatMap((name) => [`client>${name}`, `${name}>redis`]),
    ...workers.flatMap((name) => [`${name}>redis`, ...factories.map((factory) => `${name}>${factory}`)]),
  ],
} satisfies Targets;

/** A whole Proofbox of real processes; each connection of clients, ingests and workers goes through a link of ours. */
export type Arena = AsyncDisposable & {
  stack: Stack;
  redis: Redis;
  workers: readonly string[];
  links: ReadonlyMap<string, Link>;
  /** Where clients find the ingests: at the near end of their links. */
  ingestUrls: string[];
  factories: Record<(typeof factories)[number], FactoryControl>;
  /** What workers sent to factories, as seen on the wire: it outlives every process that could forget. */
  sends: SendCounter;
  /** What the reconciler of the workers has mended and should not have found. */
  mends: MendWatch['mends'];
};

export type ArenaOptions = {
  say: (line: string) => void;
  /** Factories where a repeat is not safe. */
  once: readonly (typeof factories)[number][];
  /** A log file for each process. */
  logDir?: string;
  signal?: AbortSignal;
};

/** Two ingests, three workers, one of them with a clock that is an hour ahead, an admin, two stand-in factories, and a Redis of their own. */
export async function openArena({ say, once, logDir, signal }: ArenaOptions): Promise<Arena> {
  await using opening = new AsyncDisposableStack();
  const redis = opening.use(await ensureRedis({ say }));
  const ports = { redis: redis.port, primary: await freePort(), fallback: await freePort() };
  const sends = createSendCounter();
  const mendWatch = createMendWatch();
  const links = new Map<string, Link>();

  async function link(from: string, to: string, targetPort: number): Promise<number> {
    const isToFactory = to === 'primary' || to === 'fallback';
    const opened = await openLink({
      targetPort,
      ...(isToFactory && { watchRequests: () => sends.watch(to) }),
    });
    links.set(`${from}>${to}`, opening.use(opened));
    return opened.port;
  }

  const isOnce = Object.fromEntries(
    once.map((factory) => [`FACTORY_${factory.toUpperCase()}_REPEATABLE`, 'false']),
  );
  const env: PartEnvironments = {};
  for (const name of ingests) {
    env[name] = { ...isOnce, REDIS_URL: atPort(redis.url, await link(name, 'redis', ports.redis)) };
  }
  for (const name of workers) {
    env[name] = {
      ...isOnce,
      REDIS_URL: atPort(redis.url, await link(name, 'redis', ports.redis)),
      FACTORY_PRIMARY_URL: httpAt(await link(name, 'primary', ports.primary)),
      FACTORY_FALLBACK_URL: httpAt(await link(name, 'fallback', ports.fallback)),
    };
  }
  const clock = opening.use(await openClock(hourMs));
  env['worker-3'] = { ...env['worker-3'], ...clock.env };
  const stack = opening.use(
    await startStack({
      redisUrl: redis.url,
      ingests: ingests.length,
      workers: workers.length,
      ports,
      env,
      timings: { latencyMs },
      onLine: (process, line) => mendWatch.see(process, line),
      ...(logDir !== undefined && { logDir }),
      ...(signal && { signal }),
    }),
  );
  const ingestUrls: string[] = [];
  for (const name of ingests) {
    const { port } = new URL(stack.process(name).url);
    ingestUrls.push(httpAt(await link('client', name, Number(port))));
  }
  const opened = opening.move();
  return {
    stack,
    redis,
    workers,
    links,
    ingestUrls,
    factories: {
      primary: createFactoryControl(stack.urls.primaryControl),
      fallback: createFactoryControl(stack.urls.fallbackControl),
    },
    sends,
    mends: mendWatch.mends,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The same Redis, by way of a link. */
function atPort(url: string, port: number): string {
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return through.href;
}

function httpAt(port: number): string {
  return `http://127.0.0.1:${port}`;
}
