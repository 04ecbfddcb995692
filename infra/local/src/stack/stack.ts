import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newAdminToken, type AdminTokens } from './admin-tokens.ts';
import { buildApps } from '../build/build-apps.ts';
import { signDinerToken, type TokenDiner } from './diner-token.ts';
import { ensureRedis } from '../redis/ensure-redis.ts';
import { freePort } from './free-port.ts';
import { startProcess, type ManagedProcess } from '../process/managed-process.ts';
import type { Redis } from '../redis/redis.ts';
import type { AppName } from '../repository.ts';
import { completePorts, type StackPorts } from './stack-ports.ts';
import {
  local,
  partKinds,
  planParts,
  type Part,
  type PartEnvironments,
  type Timings,
} from './stack-parts.ts';
import { startTogether } from '../process/start-together.ts';

export type StackOptions = {
  /** A Redis that the stack does not own: left alone at the end. */
  redisUrl?: string;
  /** A Redis handed over to the stack: closed last. With neither, the stack starts one of its own. */
  redis?: Redis;
  /** Hash tag of all keys in Redis: stacks with different tags share one Redis without meeting. */
  keyTag?: string;
  /** A free one for each that is not given. */
  ports?: Partial<StackPorts>;
  /** Keys of the stand-in factories; kept afterwards. Default: a temporary one. */
  dataDir?: string;
  /** A log file for each process, `<name>.log`. */
  logDir?: string;
  /** How many. Default 1 each; 0 leaves that kind out (start it later with `startProcess`). */
  workers?: number;
  ingests?: number;
  /** Default true. */
  fallback?: boolean;
  /** Default true. */
  admin?: boolean;
  /** A random one each by default. */
  authSecret?: string;
  vendorApiKey?: string;
  apiKeys?: { primary: string; fallback: string };
  /** Who may use the admin API: a random token for each role by default. */
  adminTokens?: AdminTokens;
  /** The apps' own defaults where nothing is given. */
  timings?: Timings;
  /** RSA key size of the stand-in factories: 2048 (default, five times cheaper to sign with) or 4096 (what the real one has). */
  keyBits?: number;
  /** More environment for some processes; it wins over what the stack sets. */
  env?: PartEnvironments;
  onLine?: (process: string, line: string) => void;
  readyTimeoutMs?: number;
  /** Gives the start up. */
  signal?: AbortSignal;
  /** Where the apps' entry points are, if not in `apps/`. */
  scriptOf?: (app: AppName) => string;
};

/** A whole Proofbox that is ready. Disposing it closes ingest, workers, admin, factories and Redis, in this order. */
export type Stack = AsyncDisposable & {
  readonly urls: {
    ingest: string;
    admin: string;
    worker: string;
    primary: string;
    primaryControl: string;
    fallback: string;
    fallbackControl: string;
    redis: string;
  };
  readonly ports: StackPorts;
  /** By name: `ingest`, `ingest-2`, …, `worker`, `worker-2`, …, `admin`, `primary`, `fallback`. */
  readonly processes: ReadonlyMap<string, ManagedProcess>;
  /** @throws Error when there is no process of that name */
  process(name: string): ManagedProcess;
  /** The one it started or was handed; not there when it was given a `redisUrl`. */
  readonly redis: Redis | undefined;
  readonly authSecret: string;
  readonly vendorApiKey: string;
  readonly apiKeys: { primary: string; fallback: string };
  readonly adminTokens: AdminTokens;
  /** A token as jwt-pizza-service would give to this diner. */
  tokenFor(diner: TokenDiner): Promise<string>;
};

/**
 * Starts a whole Proofbox with stand-in factories on this machine: everything at once, and waits until all of it is ready.
 * @throws ProcessStartError, or StartTogetherError when several processes failed; nothing is left running
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  await buildApps();
  await using opening = new AsyncDisposableStack();
  const dataDir = options.dataDir ?? opening.adopt(await temporaryDir(), removeDir);
  const redis = await redisFor(options);
  if (redis) opening.use(redis);
  const redisUrl = options.redisUrl ?? redis!.url;

  const ports = await completePorts(options.ports);
  const authSecret = options.authSecret ?? randomSecret();
  const vendorApiKey = options.vendorApiKey ?? randomSecret();
  const apiKeys = options.apiKeys ?? { primary: randomSecret(), fallback: randomSecret() };
  const adminTokens = options.adminTokens ?? {
    viewer: newAdminToken(),
    operator: newAdminToken(),
    admin: newAdminToken(),
  };
  const parts = planParts({
    redisUrl,
    dataDir,
    ports,
    ingestPorts: await portsFor(options.ingests, ports.ingest),
    workerPorts: await portsFor(options.workers, ports.worker),
    hasFallback: options.fallback ?? true,
    hasAdmin: options.admin ?? true,
    authSecret,
    vendorApiKey,
    apiKeys,
    adminTokens,
    keyTag: options.keyTag,
    keyBits: options.keyBits ?? 2048,
    timings: options.timings ?? {},
    env: options.env ?? {},
    scriptOf: options.scriptOf,
  });

  const started = await startTogether(
    parts.map((part) => (signal) => startPart(part, options, signal)),
    options.signal,
  );
  const processes = new Map(started.map((process) => [process.name, process]));
  // What is deferred last runs first, so the kind to be closed first comes last.
  for (const kind of partKinds.toReversed()) {
    const ofKind = parts.filter((part) => part.kind === kind).map((part) => processes.get(part.name)!);
    opening.defer(() => closeAll(ofKind));
  }

  const opened = opening.move();
  return {
    urls: {
      ingest: local(ports.ingest),
      admin: local(ports.admin),
      worker: local(ports.worker),
      primary: local(ports.primary),
      primaryControl: local(ports.primaryControl),
      fallback: local(ports.fallback),
      fallbackControl: local(ports.fallbackControl),
      redis: redisUrl,
    },
    ports,
    processes,
    process(name) {
      const process = processes.get(name);
      if (process) return process;
      throw new Error(`There is no process ${name} in the stack, only ${[...processes.keys()].join(', ')}.`);
    },
    redis,
    authSecret,
    vendorApiKey,
    apiKeys,
    adminTokens,
    tokenFor: (diner) => signDinerToken(diner, authSecret),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function redisFor(options: StackOptions): Promise<Redis | undefined> {
  if (options.redisUrl !== undefined) return undefined;
  return options.redis ?? ensureRedis();
}

/** The given port for the first of a kind, free ones for the others. */
async function portsFor(count: number | undefined, first: number): Promise<number[]> {
  const wanted = count ?? 1;
  const others = Array.from({ length: Math.max(0, wanted - 1) }, () => freePort());
  return [first, ...(await Promise.all(others))].slice(0, wanted);
}

function startPart(part: Part, options: StackOptions, signal: AbortSignal): Promise<ManagedProcess> {
  const { onLine, logDir, readyTimeoutMs } = options;
  return startProcess({
    name: part.name,
    script: part.script,
    env: part.env,
    readyUrl: part.readyUrl,
    url: part.url,
    signal,
    ...(readyTimeoutMs !== undefined && { readyTimeoutMs }),
    ...(logDir !== undefined && { logFile: path.join(logDir, `${part.name}.log`) }),
    ...(onLine && { onLine: (line: string) => onLine(part.name, line) }),
  });
}

async function closeAll(processes: ManagedProcess[]): Promise<void> {
  await Promise.all(processes.map((process) => process[Symbol.asyncDispose]()));
}

function temporaryDir(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'proofbox-stack-'));
}

async function removeDir(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}

function randomSecret(): string {
  return randomBytes(24).toString('base64url');
}
