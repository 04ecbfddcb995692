import { receiptAlgorithmList } from '@proofbox/factory/receipts';
import {
  deadlineSetting,
  durabilitySettings,
  factorySettings,
  outboxSettings,
  redisSettings,
  serverSettings,
  setting,
  shutdownSetting,
} from '@proofbox/runtime/settings';
import type { z } from 'zod';

/** The environment of ingest. */
export const ingestSettings = serverSettings.extend({
  ...redisSettings,
  ...durabilitySettings,
  ...outboxSettings,
  OUTBOX_MAX_ORDERS: setting
    .integer({ min: 0, max: 10_000_000 })
    .default(100_000)
    .describe('The most orders that one ingest takes while Redis is away. 0: none.'),
  AUTH_JWT_SECRET: setting
    .secret()
    .describe(
      "The order service's secret for login tokens (HS256). It needs 32 characters for the service's admins to use the console.",
    ),
  TICKET_SECRET: setting
    .secret()
    .optional()
    .describe(
      'Signs tickets. Without it, a secret derived from `AUTH_JWT_SECRET`. Tickets that were signed with another secret are not valid.',
    ),
  VENDOR_API_KEYS: setting
    .secrets()
    .default([])
    .describe('The API keys of order services. Without any, no order service may post.'),
  CORS_ORIGINS: setting
    .list()
    .default(['*'])
    .describe('The origins whose pages may call ingest; `*` is any.'),
  ...factorySettings(receiptAlgorithmList),
  WAIT_MS: setting
    .integer({ min: 0, max: 30_000 })
    .default(4_000)
    .describe(
      'How long a POST waits for its receipt before ingest answers with a ticket. It does not wait while no factory takes orders.',
    ),
  DOUBLE_CLICK_MS: setting
    .integer({ min: 0, max: 60_000 })
    .default(5_000)
    .describe(
      'Without an `Idempotency-Key`, the same order from the same login within this time is taken once. 0: it is taken each time.',
    ),
  ...shutdownSetting,
  ...deadlineSetting,
});
export type IngestSettings = z.output<typeof ingestSettings>;
