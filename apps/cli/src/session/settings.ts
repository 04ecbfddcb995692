import { durabilitySettings, outboxSettings, redisSettings, setting } from '@proofbox/runtime/settings';
import { z } from 'zod';

const whichRedis =
  'set it to the Redis of your Proofbox; for the one that `npm start` runs: REDIS_URL=redis://127.0.0.1:4379';

const whichToken =
  'set it to your token; for the Proofbox that `npm start` runs: export PROOFBOX_TOKEN=$(cat .data/secrets/admin-token)';

/** The environment of the command line. Most commands read the first two, those on the host the others. */
export const commandLineSettings = z.object({
  PROOFBOX_URL: setting
    .httpUrl('http://127.0.0.1:4001')
    .refine((url) => !url.includes('@'), 'expected a URL without name and password')
    .default('http://127.0.0.1:4001')
    .describe('The admin API that the command line talks to.'),
  PROOFBOX_TOKEN: z
    .string({ error: whichToken })
    .regex(/^[!-~]+$/, 'expected a token, without blanks')
    .meta({ accepts: 'text' })
    .describe('Your token. The commands on the host, and those that need no server, do without it.'),
  ...redisSettings,
  REDIS_URL: z
    .string({ error: whichRedis })
    .pipe(setting.redisUrl())
    .meta({ accepts: 'URL' })
    .describe('For the commands on the host: the Redis of the shop, as ingest and workers have it.'),
  ...outboxSettings,
  ...durabilitySettings,
});

/** Of these, what the commands on the host read. */
export type HostSettings = Omit<z.output<typeof commandLineSettings>, 'PROOFBOX_URL' | 'PROOFBOX_TOKEN'>;
