import type { z } from 'zod';
import { SettingsError } from './settings-error.ts';

/**
 * Reads a process's settings out of the environment, once. An empty variable is an absent one, as in compose files.
 * Messages name the variable and what was expected; they never repeat the value, which may be a secret.
 * @throws SettingsError with every bad variable at once
 */
export function readSettings<S extends z.ZodObject>(
  schema: S,
  environment: Record<string, string | undefined>,
): z.output<S> {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  throw new SettingsError(
    parsed.error.issues.map((issue) => {
      const name = issue.path.map(String).join('.') || 'settings';
      return issue.path.length > 0 && present[name] === undefined
        ? `${name} is missing: ${issue.message}`
        : `${name} is not valid: ${issue.message}`;
    }),
  );
}

/** Secrets by their names. ADMIN_TOKENS is none: it has hashes. */
const secretName = /(?:KEYS?|SECRET|PASSWORD)$/;

/** What these settings have that nobody may read: keys, secrets, and the passwords of URLs. */
export function secretsIn(schema: z.ZodObject, environment: Record<string, string | undefined>): string[] {
  return Object.keys(schema.shape).flatMap((name) => {
    const value = environment[name] ?? '';
    if (secretName.test(name)) return value.split(',').map((each) => each.trim());
    return name.endsWith('_URL') ? passwordIn(value) : [];
  });
}

function passwordIn(url: string): string[] {
  const password = URL.canParse(url) ? new URL(url).password : '';
  return [password, unescape(password)].filter((each) => each !== '');
}
