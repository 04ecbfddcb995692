import { receiptAlgorithmList, receiptMatches } from '@proofbox/factory/receipts';
import { setting, serverSettings } from '@proofbox/runtime';
import { z } from 'zod';

const path = () =>
  z
    .string({ error: 'set it to a path such as /health' })
    .regex(/^\/[^\s#]*$/, 'expected a path such as /health');

/**
 * The factory has chosen it, however short. It goes into a header, where a blank or an umlaut would make every call fail.
 */
const apiKey = () =>
  setting.secret(1).regex(/^[\x21-\x7e]+$/, 'expected printable ASCII characters without blanks');

/** The worker's environment (README, table of settings). */
export const workerSettings = serverSettings
  .extend({
    REDIS_URL: setting.redisUrl(),
    REDIS_KEY_TAG: setting.redisKeyTag().default('proofbox'),
    FACTORY_PRIMARY_URL: setting.httpUrl(),
    FACTORY_PRIMARY_API_KEY: apiKey(),
    FACTORY_PRIMARY_REPEATABLE: setting.flag().default(true),
    FACTORY_PRIMARY_MAX_RPS: setting.integer({ min: 1, max: 100_000 }).optional(),
    FACTORY_PRIMARY_HEALTH_PATH: path().optional(),
    FACTORY_FALLBACK_URL: setting.httpUrl().optional(),
    FACTORY_FALLBACK_API_KEY: apiKey().optional(),
    FACTORY_FALLBACK_REPEATABLE: setting.flag().default(true),
    FACTORY_FALLBACK_MAX_RPS: setting.integer({ min: 1, max: 100_000 }).optional(),
    FACTORY_FALLBACK_HEALTH_PATH: path().optional(),
    FACTORY_TIMEOUT_MS: setting.integer({ min: 50, max: 120_000 }).default(2_000),
    FACTORY_CONNECT_TIMEOUT_MS: setting.integer({ min: 10, max: 60_000 }).default(1_000),
    FACTORY_PROBE_TIMEOUT_MS: setting.integer({ min: 10, max: 120_000 }).default(600),
    FACTORY_JWT_ALGS: setting.list().pipe(receiptAlgorithmList).default(['RS256']),
    /** A folder of the local disk; several workers and ingests may share it. */
    FACTORY_KEYS_DIR: setting.text().default('.data/factory-keys'),
    /** A folder of the local disk, for receipts that cannot be written down when the worker has to go. */
    OUTBOX_DIR: setting.text().default('.data/outbox'),
    FACTORY_RECEIPT_MATCH: z
      .enum(receiptMatches, { error: `expected ${receiptMatches.join(' or ')}` })
      .default('strict'),
    /** 0: no canary orders. */
    CANARY_INTERVAL_MS: setting.integer({ min: 0, max: 86_400_000 }).default(0),
    WORKER_CONCURRENCY: setting.integer({ min: 1, max: 1_000 }).default(100),
  })
  .refine(
    (settings) =>
      (settings.FACTORY_FALLBACK_URL === undefined) === (settings.FACTORY_FALLBACK_API_KEY === undefined),
    {
      path: ['FACTORY_FALLBACK_API_KEY'],
      message: 'set FACTORY_FALLBACK_URL and FACTORY_FALLBACK_API_KEY both, or neither',
    },
  );
export type WorkerSettings = z.output<typeof workerSettings>;
