import { z } from 'zod';

/** Each may do what those before it may. viewer: look. operator: change and reveal. admin: also export the audit log. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Whether a person with role `has` may do what asks for `needed`. */
export function mayDo(has: Role, needed: Role): boolean {
  return roles.indexOf(has) >= roles.indexOf(needed);
}

export const signInIn = z.strictObject({
  token: z.string({ error: 'expected a token' }).trim().min(1, 'expected a token').max(8_192),
});

/** Who is signed in. */
export const sessionView = z.object({
  name: z.string(),
  role,
  /** When the session of a browser ends; absent for a token sent with each request. */
  expiresAt: z.iso.datetime().optional(),
});
export type SessionView = z.infer<typeof sessionView>;

/**
 * The cookie of a browser that is signed in. Over https the browser itself sees to it that the cookie came from this very
 * host and never travels in clear. Over plain http it would not take such a cookie, so it has another name there.
 */
export const sessionCookies = { https: '__Host-proofbox_session', http: 'proofbox_session' } as const;
