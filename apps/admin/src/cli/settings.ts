import { setting } from '@proofbox/runtime';
import { z } from 'zod';

const whichRedis =
  'set it to the Redis of your Proofbox; for the one that `npm start` runs: REDIS_URL=redis://127.0.0.1:4379';

/** The command line's environment (README, table of settings). */
export const commandLineSettings = z.object({
  REDIS_URL: z.string({ error: whichRedis }).pipe(setting.redisUrl()),
  REDIS_KEY_TAG: setting.text().default('proofbox'),
  /** What a replayed order gets, as the ingest gives it to a new one. */
  ORDER_DEADLINE_MS: setting.integer({ min: 1_000, max: 2_592_000_000 }).default(86_400_000),
});
export type CommandLineSettings = z.output<typeof commandLineSettings>;
