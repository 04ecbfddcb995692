import { serverSettings, setting } from '@proofbox/runtime';
import { z } from 'zod';

const durationMs = () => setting.integer({ min: 0, max: 3_600_000 });
const keySizes = ['2048', '4096'] as const;

/** `PORT` is the factory API, `CONTROL_PORT` the API that makes it misbehave. */
export const settings = serverSettings.extend({
  CONTROL_PORT: setting.integer({ min: 0, max: 65_535 }),
  FACTORY_NAME: setting.text().default('factory'),
  API_KEYS: setting.list().refine((keys) => keys.length > 0, 'expected at least one vendor api key'),
  /** JWK or PEM; made when it is not there. */
  KEY_FILE: setting.text(),
  /** Size of a new key. Signing with 4096 bits costs 2 ms of CPU, with 2048 a fifth of a millisecond. */
  KEY_BITS: z.enum(keySizes, { error: 'expected 2048 or 4096' }).default('4096').transform(Number),
  LATENCY_MS: durationMs().default(20),
  /** How long a full oven, and a throttled order, take. */
  OVEN_FULL_MS: durationMs().default(32_000),
  /** Of the dice that `percent` throws: the same seed meets the same orders. */
  SEED: setting.integer({ min: 0, max: 4_294_967_295 }).default(1),
});
export type Settings = z.output<typeof settings>;
