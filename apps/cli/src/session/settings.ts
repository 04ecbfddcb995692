import { setting } from '@proofbox/runtime/settings';
import { z } from 'zod';

const whichRedis =
  'set it to the Redis of your Proofbox; for the one that `npm start` runs: REDIS_URL=redis://127.0.0.1:4379';

const whichToken =
  'set it to your token; for the Proofbox that `npm start` runs: export PROOFBOX_TOKEN=$(cat .data/secrets/admin-token)';

/** The command line's environment (README, table of settings). Most commands read the first two, those on the host the others. */
export const commandLineSettings = z.object({
  PROOFBOX_URL: setting
    .httpUrl('http://127.0.0.1:4001')
    .refine((url) => !url.includes('@'), 'expected a URL without name and password')
    .default('http://127.0.0.1:4001'),
  PROOFBOX_TOKEN: z.string({ error: whichToken }).regex(/^[!-~]+$/, 'expected a token, without blanks'),
  REDIS_URL: z.string({ error: whichRedis }).pipe(setting.redisUrl()),
  REDIS_KEY_TAG: setting.redisKeyTag().default('proofbox'),
  /** For the orders of an outbox: as the ingests have these. */
  OUTBOX_DIR: setting.text().default('.data/outbox'),
  OUTBOX_KEEP_HOURS: setting.integer({ min: 0, max: 720 }).default(24),
  DURABILITY: z.enum(['check', 'trust'], { error: 'expected check or trust' }).default('check'),
  REDIS_MIN_REPLICAS: setting.integer({ min: 0, max: 10 }).default(0),
});

/** Of these, what the commands on the host read. */
export type HostSettings = Omit<z.output<typeof commandLineSettings>, 'PROOFBOX_URL' | 'PROOFBOX_TOKEN'>;
