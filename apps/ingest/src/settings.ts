import { receiptAlgorithmList } from '@proofbox/factory/receipts';
import { setting, serverSettings } from '@proofbox/runtime';
import { z } from 'zod';

/** The ingest's environment (README, table of settings). */
export const ingestSettings = serverSettings.extend({
  REDIS_URL: setting.redisUrl(),
  REDIS_KEY_TAG: setting.redisKeyTag().default('proofbox'),
  REDIS_MIN_REPLICAS: setting.integer({ min: 0, max: 10 }).default(0),
  /** `trust`: orders go to Redis whatever its settings are, or where it hides them. */
  DURABILITY: z.enum(['check', 'trust'], { error: 'expected check or trust' }).default('check'),
  /** A folder of the local disk; several ingests may share it. */
  OUTBOX_DIR: setting.text().default('.data/outbox'),
  /** Most orders that wait for Redis in one ingest. */
  OUTBOX_MAX_ORDERS: setting.integer({ min: 0, max: 10_000_000 }).default(100_000),
  /** How long a second copy of each order that Redis has is kept in `OUTBOX_DIR`; 0: there is none. */
  OUTBOX_KEEP_HOURS: setting.integer({ min: 0, max: 720 }).default(24),
  AUTH_JWT_SECRET: setting.secret(),
  TICKET_SECRET: setting.secret().optional(),
  VENDOR_API_KEYS: setting.secrets().default([]),
  CORS_ORIGINS: setting.list().default(['*']),
  FACTORY_PRIMARY_URL: setting.httpUrl(),
  FACTORY_FALLBACK_URL: setting.httpUrl().optional(),
  /** As the workers have it: an order that was lost and may have been baked is not queued again. */
  FACTORY_PRIMARY_REPEATABLE: setting.flag().default(true),
  FACTORY_FALLBACK_REPEATABLE: setting.flag().default(true),
  FACTORY_JWT_ALGS: setting.list().pipe(receiptAlgorithmList).default(['RS256']),
  /** A folder of the local disk; several workers and ingests may share it. */
  FACTORY_KEYS_DIR: setting.text().default('.data/factory-keys'),
  WAIT_MS: setting.integer({ min: 0, max: 30_000 }).default(4_000),
  DOUBLE_CLICK_MS: setting.integer({ min: 0, max: 60_000 }).default(5_000),
  /** How long it serves on after SIGTERM, not ready any more, until a balancer sends nothing more. */
  SHUTDOWN_PAUSE_MS: setting.integer({ min: 0, max: 60_000 }).default(5_000),
  ORDER_DEADLINE_MS: setting.integer({ min: 1_000, max: 2_592_000_000 }).default(86_400_000),
});
export type IngestSettings = z.output<typeof ingestSettings>;
