import { serverSettings, setting } from '@proofbox/runtime/settings';
import type { z } from 'zod';

const durationMs = () => setting.integer({ min: 0, max: 3_600_000 });

/** The environment of a stand-in factory. `PORT` is that of the factory API. */
export const settings = serverSettings.extend({
  CONTROL_PORT: setting
    .integer({ min: 0, max: 65_535 })
    .describe('The port of the API that makes it misbehave, and counts what it baked.'),
  FACTORY_NAME: setting.text().default('factory').describe('Its name in its receipts.'),
  API_KEYS: setting
    .list()
    .refine((keys) => keys.length > 0, 'expected at least one vendor api key')
    .describe('The keys with which orders are taken.'),
  KEY_FILE: setting
    .text()
    .describe('The file of its private key, JWK or PEM. It is made if it is not there.'),
  // Signing with 4096 bits costs 2 ms of CPU, with 2048 a fifth of a millisecond.
  KEY_BITS: setting
    .oneOf(['2048', '4096'])
    .default('4096')
    .transform(Number)
    .describe('The size of a key that is made. `npm start` uses 2048, which is cheaper to sign with.'),
  LATENCY_MS: durationMs().default(20).describe('How long a healthy order takes.'),
  OVEN_FULL_MS: durationMs()
    .default(32_000)
    .describe('How long an order takes that finds the oven full, or is throttled.'),
  SEED: setting
    .integer({ min: 0, max: 4_294_967_295 })
    .default(1)
    .describe('For faults that meet a percentage of orders: the same seed meets the same orders.'),
});
export type Settings = z.output<typeof settings>;
