import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ensureRedis, freePort, startProcess, startStack, type ManagedProcess } from '@proofbox/local';

/** A server that takes orders over HTTP, on a Redis of its own with fsync always. */
export type Contender = AsyncDisposable & {
  name: string;
  url: string;
  headers: Record<string, string>;
  /** How an order is posted that is answered as soon as it is taken, and one that is answered with its receipt. */
  accept: Post;
  wait: Post;
  /** By what they do: who takes orders, who bakes them, and Redis. */
  pids: { ingest: number[]; worker: number[]; redis: number[] };
  /** Starts the worker, which was not there before, and resolves when it is ready. */
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
};

export type Post = { path: string; headers: Record<string, string> };

export type ContenderOptions = {
  factoryUrl: string;
  /** The algorithm of the factory's receipts. */
  alg: 'EdDSA' | 'RS256';
  /** How many orders a worker has in hand at a time. */
  concurrency: number;
  signal: AbortSignal;
};

const contenders = path.join(import.meta.dirname, 'contenders');

export async function startFactory(alg: 'EdDSA' | 'RS256'): Promise<ManagedProcess> {
  return startScript('factory', { ALG: alg });
}

/** Proofbox as it is delivered. */
export async function startProofbox({
  factoryUrl,
  alg,
  concurrency,
  signal,
}: ContenderOptions): Promise<Contender> {
  await using opening = new AsyncDisposableStack();
  const redis = opening.use(await ensureRedis({ via: 'process' }));
  const stack = opening.use(
    await startStack({
      redisUrl: redis.url,
      keyTag: 'bench',
      admin: false,
      fallback: false,
      signal,
      env: {
        all: { LOG_LEVEL: 'info' },
        ingest: { FACTORY_PRIMARY_URL: factoryUrl, FACTORY_JWT_ALGS: alg },
        worker: {
          FACTORY_PRIMARY_URL: factoryUrl,
          FACTORY_JWT_ALGS: alg,
          WORKER_CONCURRENCY: String(concurrency),
        },
      },
    }),
  );
  const worker = stack.process('worker');
  await worker.stop();
  await stack.process('primary').stop();
  const token = await stack.tokenFor({ id: 2, name: 'pizza diner', email: 'd@jwt.com' });
  const opened = opening.move();
  return {
    name: 'Proofbox',
    url: stack.urls.ingest,
    headers: { Authorization: `Bearer ${token}` },
    accept: { path: '/api/order', headers: { Prefer: 'respond-async' } },
    wait: { path: '/api/order', headers: {} },
    pids: pidsOf({ ingest: stack.process('ingest'), worker, redis: redis.pid }),
    startWorker: () => worker.restart(),
    stopWorker: async () => void (await worker.stop()),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** `queue.add` in an ingest and axios in a worker, as a user of BullMQ writes them from the documentation. */
export async function startPlain({ factoryUrl, concurrency }: ContenderOptions): Promise<Contender> {
  await using opening = new AsyncDisposableStack();
  const redis = opening.use(await ensureRedis({ via: 'process' }));
  const REDIS_PORT = String(redis.port);
  const ingest = opening.use(await startScript('plain-ingest', { REDIS_PORT }));
  const worker = opening.use(
    await startScript('plain-worker', {
      REDIS_PORT,
      FACTORY_URL: factoryUrl,
      FACTORY_KEY: randomBytes(16).toString('hex'),
      CONCURRENCY: String(concurrency),
    }),
  );
  await worker.stop();
  const opened = opening.move();
  return {
    name: 'plain BullMQ',
    url: ingest.url,
    headers: {},
    accept: { path: '/api/order', headers: {} },
    wait: { path: '/api/order/wait', headers: {} },
    pids: pidsOf({ ingest, worker, redis: redis.pid }),
    startWorker: () => worker.restart(),
    stopWorker: async () => void (await worker.stop()),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Ingest's HTTP server alone, which stores nothing. */
export async function startCeiling(): Promise<Contender> {
  const ingest = await startScript('ceiling', {});
  const nothing = async (): Promise<void> => {};
  return {
    name: 'HTTP ceiling',
    url: ingest.url,
    headers: {},
    accept: { path: '/api/order', headers: {} },
    wait: { path: '/api/order', headers: {} },
    pids: { ingest: [ingest.pid], worker: [], redis: [] },
    startWorker: nothing,
    stopWorker: nothing,
    [Symbol.asyncDispose]: () => ingest[Symbol.asyncDispose](),
  };
}

/** A worker has another pid after each start, so these are asked for when they are needed. */
function pidsOf(parts: { ingest: ManagedProcess; worker: ManagedProcess; redis: number | undefined }) {
  return {
    get ingest() {
      return [parts.ingest.pid];
    },
    get worker() {
      return [parts.worker.pid];
    },
    redis: parts.redis === undefined ? [] : [parts.redis],
  };
}

async function startScript(name: string, env: Record<string, string>): Promise<ManagedProcess> {
  const port = await freePort();
  return startProcess({
    name,
    script: path.join(contenders, `${name}.ts`),
    env: { ...env, PORT: String(port) },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  });
}
