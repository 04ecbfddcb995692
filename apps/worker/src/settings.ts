import { receiptAlgorithmList, receiptMatches } from '@proofbox/factory/receipts';
import {
  factorySettings,
  outboxSettings,
  redisSettings,
  serverSettings,
  setting,
} from '@proofbox/runtime/settings';
import { z } from 'zod';

const path = () =>
  z
    .string({ error: 'set it to a path such as /health' })
    .regex(/^\/[^\s#]*$/, 'expected a path such as /health')
    .meta({ accepts: 'path' });

/**
 * The factory has chosen it, however short. It goes into a header, where a blank or an umlaut would make every call fail.
 */
const apiKey = () =>
  setting.secret(1).regex(/^[\x21-\x7e]+$/, 'expected printable ASCII characters without blanks');

/** The environment of a worker. */
export const workerSettings = serverSettings
  .extend({
    ...redisSettings,
    ...factorySettings(receiptAlgorithmList),
    FACTORY_PRIMARY_API_KEY: apiKey().describe('Our key at the primary.'),
    FACTORY_PRIMARY_MAX_RPS: setting
      .integer({ min: 1, max: 100_000 })
      .optional()
      .describe('The most orders a second that all workers together send to the primary.'),
    FACTORY_PRIMARY_HEALTH_PATH: path()
      .optional()
      .describe(
        "The path of the primary's health page, such as `/health`. Each worker asks it every 5 s and shows the answer in its metrics. The answer does not decide where orders go: how orders end does.",
      ),
    FACTORY_FALLBACK_API_KEY: apiKey()
      .optional()
      .describe('Our key at the fallback. Set this and `FACTORY_FALLBACK_URL`, or neither.'),
    FACTORY_FALLBACK_MAX_RPS: setting
      .integer({ min: 1, max: 100_000 })
      .optional()
      .describe('As for the primary.'),
    FACTORY_FALLBACK_HEALTH_PATH: path().optional().describe('As for the primary.'),
    FACTORY_TIMEOUT_MS: setting
      .integer({ min: 50, max: 120_000 })
      .default(2_000)
      .describe('The time for one call to a factory, from connecting to the last byte of the answer.'),
    FACTORY_CONNECT_TIMEOUT_MS: setting
      .integer({ min: 10, max: 60_000 })
      .default(1_000)
      .describe('Of that, the time for connecting.'),
    FACTORY_PROBE_TIMEOUT_MS: setting
      .integer({ min: 10, max: 120_000 })
      .default(600)
      .describe(
        'The time for a call that tries a factory that was failing, while the other factory could take the order.',
      ),
    FACTORY_RECEIPT_MATCH: setting
      .oneOf(receiptMatches)
      .default('strict')
      .describe(
        "How closely a receipt is compared with its order. `strict`: order, diner (id, and the e-mail if the receipt has one), store, franchise, menu ids and prices. `id`: the order's id only, for a factory that changes the rest on purpose.",
      ),
    CANARY_INTERVAL_MS: setting
      .integer({ min: 0, max: 86_400_000 })
      .default(0)
      .describe(
        'The workers send a test order to a factory that has fulfilled nothing for this long. The test order costs nothing, is in no ledger and has the header `X-Proofbox-Canary: 1`. 0: no test orders.',
      ),
    WORKER_CONCURRENCY: setting
      .integer({ min: 1, max: 1_000 })
      .default(100)
      .describe('The most orders that one worker works on at a time.'),
    OUTBOX_DIR: outboxSettings.OUTBOX_DIR,
  })
  .refine(
    (settings) =>
      (settings.FACTORY_FALLBACK_URL === undefined) === (settings.FACTORY_FALLBACK_API_KEY === undefined),
    {
      path: ['FACTORY_FALLBACK_API_KEY'],
      message: 'set both FACTORY_FALLBACK_URL and FACTORY_FALLBACK_API_KEY, or neither',
    },
  );
export type WorkerSettings = z.output<typeof workerSettings>;
