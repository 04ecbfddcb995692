import { setting, serverSettings } from '@proofbox/runtime';
import type { z } from 'zod';

/** The admin server's environment (README, table of settings). */
export const adminSettings = serverSettings.extend({
  REDIS_URL: setting.redisUrl(),
  REDIS_KEY_TAG: setting.text().default('proofbox'),
});
export type AdminSettings = z.output<typeof adminSettings>;
