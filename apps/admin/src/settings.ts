import { setting, serverSettings } from '@proofbox/runtime';
import { z } from 'zod';
import { readAdminTokens, type AdminToken } from '@proofbox/runtime/admin-tokens';

/** The admin server's environment (README, table of settings). */
export const adminSettings = serverSettings.extend({
  REDIS_URL: setting.redisUrl(),
  REDIS_KEY_TAG: setting.redisKeyTag().default('proofbox'),
  /** Who may use the API: `name:role:sha256` each. */
  ADMIN_TOKENS: setting.list().transform(toTokens).default([]),
  /** Lets in whom the shop itself calls an admin, where it is long enough (`secretOfConsole`). */
  AUTH_JWT_SECRET: setting.secret().optional(),
  /** How long a browser stays signed in. */
  ADMIN_SESSION_HOURS: setting.integer({ min: 1, max: 720 }).default(12),
  /** Addresses and networks of the proxies before this server, whose X-Forwarded-* are believed. */
  TRUST_PROXY: setting
    .list()
    .refine(areAddresses, 'expected IP addresses or networks such as 10.0.0.0/8')
    .default([]),
  /** A folder with the built console; without it the one beside this app. */
  CONSOLE_DIR: setting.text().optional(),
  /** How long it serves on after SIGTERM, not ready any more, until a balancer sends nothing more. */
  SHUTDOWN_PAUSE_MS: setting.integer({ min: 0, max: 60_000 }).default(5_000),
  /** What a replayed order gets, as the ingest gives it to a new one. */
  ORDER_DEADLINE_MS: setting.integer({ min: 1_000, max: 2_592_000_000 }).default(86_400_000),
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
