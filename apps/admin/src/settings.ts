import { readAdminTokens, type AdminToken } from '@proofbox/runtime/admin-tokens';
import {
  deadlineSetting,
  redisSettings,
  serverSettings,
  setting,
  shutdownSetting,
} from '@proofbox/runtime/settings';
import { z } from 'zod';

/** The environment of the admin server. */
export const adminSettings = serverSettings.extend({
  ...redisSettings,
  ADMIN_TOKENS: setting
    .list()
    .transform(toTokens)
    .default([])
    .describe(
      'Who may use the admin API: an entry `name:role:sha256` for each token, as `proofbox token new` prints it. An entry does not contain the token.',
    ),
  AUTH_JWT_SECRET: setting
    .secret()
    .optional()
    .describe(
      "The order service's secret for login tokens. Where it has 32 characters or more, the service's admins may use the admin API.",
    ),
  ADMIN_SESSION_HOURS: setting
    .integer({ min: 1, max: 720 })
    .default(12)
    .describe('How long a browser stays signed in.'),
  TRUST_PROXY: setting
    .list()
    .refine(areAddresses, 'expected IP addresses or networks such as 10.0.0.0/8')
    .default([])
    .describe(
      'Addresses and networks, such as `10.0.0.0/8`, of the proxies before this server. The server believes only these proxies about the address that a request came from, and about https.',
    ),
  CONSOLE_DIR: setting
    .text()
    .optional()
    .describe('A folder with the built console. Without it, the one that was built in this repository.'),
  ...shutdownSetting,
  ...deadlineSetting,
});
export type AdminSettings = z.output<typeof adminSettings>;

function toTokens(entries: string[], context: z.RefinementCtx): AdminToken[] {
  const { tokens, problems } = readAdminTokens(entries);
  for (const message of problems) context.addIssue({ code: 'custom', message });
  return tokens;
}

function areAddresses(entries: string[]): boolean {
  return entries.every((entry) => {
    const [address = '', bits, ...more] = entry.split('/');
    if (more.length > 0) return false;
    const isIp = z.union([z.ipv4(), z.ipv6()]).safeParse(address).success;
    return (
      isIp &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (address.includes(':') ? 128 : 32)))
    );
  });
}
