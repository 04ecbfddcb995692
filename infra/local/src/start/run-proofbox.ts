import path from 'node:path';
import { newAdminToken, withAdminToken } from '../stack/admin-tokens.ts';
import { ensureRedis } from '../redis/ensure-redis.ts';
import type { Environment } from '../environment.ts';
import { startStack, type Stack } from '../stack/stack.ts';
import { keptSecret } from './kept-secret.ts';
import { lastOutput } from './last-output.ts';
import { settingsForApps, wantsStandInFallback, watchStandIns, type StartSettings } from './settings.ts';
import { supervise, type Supervised } from './supervise.ts';

/** Redis and the whole stack on the fixed ports, with everything that is kept between runs in the data folder. */
export async function openProofbox(options: {
  settings: StartSettings;
  environment: Environment;
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<Stack> {
  const { settings, say, signal } = options;
  const forApps = settingsForApps(options.environment);
  const fallback = wantsStandInFallback(forApps);
  const dataDir = settings.DATA_DIR;
  const secret = (name: string) => keptSecret(path.join(dataDir, 'secrets', name));
  const secrets = {
    authSecret: settings.AUTH_JWT_SECRET ?? secret('auth-jwt-secret'),
    vendorApiKey: secret('vendor-api-key'),
    apiKeys: {
      primary: forApps.FACTORY_PRIMARY_API_KEY ?? secret('primary-api-key'),
      fallback: forApps.FACTORY_FALLBACK_API_KEY ?? secret('fallback-api-key'),
    },
  };
  const adminToken = keptSecret(path.join(dataDir, 'secrets', 'admin-token'), newAdminToken);
  const ADMIN_TOKENS = withAdminToken(forApps.ADMIN_TOKENS, adminToken);
  const redis = await ensureRedis({
    ...(settings.REDIS_URL !== undefined && { redisUrl: settings.REDIS_URL }),
    port: settings.REDIS_PORT,
    dataDir: path.join(dataDir, 'redis'),
    say,
  });
  return startStack({
    redis,
    signal,
    dataDir,
    logDir: path.join(dataDir, 'logs'),
    ports: {
      ingest: settings.INGEST_PORT,
      admin: settings.ADMIN_PORT,
      worker: settings.WORKER_PORT,
      primary: settings.PRIMARY_PORT,
      primaryControl: settings.PRIMARY_CONTROL_PORT,
      fallback: settings.FALLBACK_PORT,
      fallbackControl: settings.FALLBACK_CONTROL_PORT,
    },
    ...secrets,
    adminTokens: { admin: adminToken },
    fallback,
    env: { all: { ...watchStandIns(forApps), ...forApps, ADMIN_TOKENS } },
  });
}

/**
 * Keeps every process of the stack, and its Redis, running until `signal` is aborted.
 * @throws Error in one line when one of them cannot be kept running
 */
export async function superviseProofbox(
  stack: Stack,
  options: { signal: AbortSignal; say: (line: string) => void },
): Promise<void> {
  const { redis } = stack;
  const failing = new AbortController();
  const signal = AbortSignal.any([options.signal, failing.signal]);
  const all: Supervised[] = [...stack.processes.values()].map((process) => ({
    name: process.name,
    exited: () => process.exited,
    restart: () => process.restart(),
    lastOutput: () => lastOutput(process.logs()),
  }));
  if (redis && redis.source !== 'external') {
    all.push({
      name: 'Redis',
      exited: () => redis.exited,
      restart: () => redis.restart(),
      lastOutput: () => lastOutput(redis.logs()),
    });
  }
  try {
    await Promise.all(all.map((each) => supervise(each, { ...options, signal })));
  } finally {
    // Everything is about to be closed: the others must not be started again.
    failing.abort();
  }
}
