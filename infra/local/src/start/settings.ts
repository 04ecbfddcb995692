import path from 'node:path';
import { setting, SettingsError } from '@proofbox/runtime/settings';
import { z } from 'zod';
import type { Environment } from '../environment.ts';
import { dataRoot } from '../repository.ts';

const port = (fallback: number, of: string) =>
  setting.integer({ min: 1, max: 65_535 }).default(fallback).describe(`The port of ${of}.`);

/** What `npm start` itself reads; everything else is for the apps. */
export const startSettings = z.object({
  INGEST_PORT: port(4000, 'ingest'),
  ADMIN_PORT: port(4001, 'the admin server'),
  WORKER_PORT: port(4002, "the worker's health page and metrics"),
  PRIMARY_PORT: port(4010, 'the primary stand-in factory'),
  PRIMARY_CONTROL_PORT: port(4011, 'the API that makes the primary misbehave'),
  FALLBACK_PORT: port(4020, 'the fallback stand-in factory'),
  FALLBACK_CONTROL_PORT: port(4021, 'the API that makes the fallback misbehave'),
  REDIS_PORT: port(4379, 'the Redis that it starts'),
  REDIS_URL: setting.redisUrl().optional().describe('Use this Redis and start none.'),
  AUTH_JWT_SECRET: setting
    .secret()
    .optional()
    .describe('As for ingest. Without it, one is made up and kept in `.data/secrets`.'),
  DATA_DIR: setting
    .text()
    .default(dataRoot)
    .transform((folder) => path.resolve(folder))
    .describe(
      "The folder for the files of Redis, the outbox, the factories' keys, secrets and logs, which stay from run to run.",
    ),
});
export type StartSettings = z.output<typeof startSettings>;

/** Settings of the apps, by name or by how they begin. Not PORT and HOST: each app has its own. */
const passedOn =
  /^(?:WAIT_MS|LOG_LEVEL|DURABILITY|CORS_ORIGINS|VENDOR_API_KEYS|ADMIN_TOKENS|ADMIN_SESSION_HOURS|TRUST_PROXY|CONSOLE_DIR|LATENCY_MS|OVEN_FULL_MS|KEY_BITS|SEED|SHUTDOWN_PAUSE_MS|TICKET_SECRET|DOUBLE_CLICK_MS|(?:AUTH|CANARY|FACTORY|INGEST|ORDER|REDIS|OUTBOX|WORKER)_\w+)$/;

/** The settings in our own environment that are meant for the apps; an empty one is an absent one. */
export function settingsForApps(environment: Environment): Environment {
  const own = new Set(Object.keys(startSettings.shape));
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => value !== '' && passedOn.test(name) && !own.has(name),
    ),
  );
}

/** Health pages and canary orders for the stand-ins. A real factory gets neither unless asked for. */
export function watchStandIns({ FACTORY_PRIMARY_URL, FACTORY_FALLBACK_URL }: Environment): Environment {
  const isPrimaryOurs = FACTORY_PRIMARY_URL === undefined;
  const isAllOurs = isPrimaryOurs && FACTORY_FALLBACK_URL === undefined;
  return {
    ...(isPrimaryOurs && { FACTORY_PRIMARY_HEALTH_PATH: '/health' }),
    ...(isAllOurs && { FACTORY_FALLBACK_HEALTH_PATH: '/health', CANARY_INTERVAL_MS: '15000' }),
  };
}

/**
 * Whether the stand-in fallback stands behind the primary. Never behind a real factory: it would sign
 * receipts for real orders.
 * @throws SettingsError for a factory of one's own without its key
 */
export function wantsStandInFallback(environment: Environment): boolean {
  const problems = (['PRIMARY', 'FALLBACK'] as const)
    .filter((role) => environment[`FACTORY_${role}_URL`] && !environment[`FACTORY_${role}_API_KEY`])
    .map(
      (role) =>
        `FACTORY_${role}_API_KEY is missing: set it to the key that the factory of FACTORY_${role}_URL knows`,
    );
  if (problems.length > 0) throw new SettingsError(problems);
  return environment.FACTORY_PRIMARY_URL === undefined && environment.FACTORY_FALLBACK_URL === undefined;
}
