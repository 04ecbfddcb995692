import { z } from 'zod';
import { redisKeyTagSetting, redisUrlSetting } from './redis-settings.ts';
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

/** In characters, and so at least as many bytes: fewer can be found by trying. */
const shortestSecret = 16;

/** Comma-separated, blanks around the entries dropped. */
function list() {
  return z.string({ error: 'set it to a list such as a,b' }).transform((value) =>
    value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  );
}

/** Field types for settings: each turns the string of an environment variable into a checked value. */
export const setting = {
  text: () => z.string({ error: 'set it to a text' }),

  secret: (minimumLength = shortestSecret) =>
    z
      .string({ error: `set it to a secret of at least ${minimumLength} characters` })
      .min(minimumLength, `expected at least ${minimumLength} characters`),

  /** Secrets of our own, with commas between them. */
  secrets: () =>
    list().refine(
      (secrets) => secrets.every(({ length }) => length >= shortestSecret),
      `expected secrets of at least ${shortestSecret} characters each`,
    ),

  integer: (range: { min: number; max: number }) =>
    z
      .string({ error: `set it to a whole number from ${range.min} to ${range.max}` })
      .refine(
        (value) => /^-?\d+$/.test(value) && Number(value) >= range.min && Number(value) <= range.max,
        `expected a whole number from ${range.min} to ${range.max}`,
      )
      .transform(Number),

  /** `http://` or `https://`, without a trailing slash so that paths can be appended. */
  httpUrl: (example = 'http://127.0.0.1:4010') =>
    z
      .string({ error: `set it to a URL such as ${example}` })
      .refine(
        (value) => isHttpUrl(value) && !/[?#]/.test(value),
        `expected a URL such as ${example}, without ? and #`,
      )
      .transform((value) => value.replace(/(?<!\/)\/+$/, '')),

  redisUrl: redisUrlSetting,
  redisKeyTag: redisKeyTagSetting,

  flag: () =>
    z.enum(['true', 'false'], { error: 'expected true or false' }).transform((value) => value === 'true'),

  list,
};

function isHttpUrl(value: string): boolean {
  return ['http:', 'https:'].includes(URL.parse(value)?.protocol ?? '');
}

/** The settings every Proofbox server has. */
export const serverSettings = z.object({
  HOST: setting.text().default('127.0.0.1'),
  PORT: setting.integer({ min: 0, max: 65_535 }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'expected one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
});
export type ServerSettings = z.output<typeof serverSettings>;
