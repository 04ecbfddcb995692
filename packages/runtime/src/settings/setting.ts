import { z } from 'zod';
import { redisKeyTagSetting, redisUrlSetting } from './redis-url.ts';

/** In characters, and so at least as many bytes: fewer can be found by trying. */
const shortestSecret = 16;

/** Comma-separated, blanks around the entries dropped. */
function list() {
  return z
    .string({ error: 'set it to a list such as a,b' })
    .transform((value) =>
      value
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    )
    .meta({ accepts: 'list' });
}

/**
 * Field types for settings: each turns the string of an environment variable into a checked value. `accepts` is for
 * the reference of all settings, which is written from the schemas: docs/reference/settings.md.
 */
export const setting = {
  text: () => z.string({ error: 'set it to a text' }).meta({ accepts: 'text' }),

  secret: (minimumLength = shortestSecret) =>
    z
      .string({ error: `set it to a secret of at least ${minimumLength} characters` })
      .min(minimumLength, `expected at least ${minimumLength} characters`)
      .meta({ accepts: minimumLength > 1 ? `${minimumLength} characters or more` : 'text' }),

  /** Secrets of our own, with commas between them. */
  secrets: () =>
    list()
      .refine(
        (secrets) => secrets.every(({ length }) => length >= shortestSecret),
        `expected secrets of at least ${shortestSecret} characters each`,
      )
      .meta({ accepts: `list, each ${shortestSecret} characters or more` }),

  integer: (range: { min: number; max: number }) =>
    z
      .string({ error: `set it to a whole number from ${range.min} to ${range.max}` })
      .refine(
        (value) => /^-?\d+$/.test(value) && Number(value) >= range.min && Number(value) <= range.max,
        `expected a whole number from ${range.min} to ${range.max}`,
      )
      .transform(Number)
      .meta({ accepts: `${range.min} to ${range.max}` }),

  /** `http://` or `https://`, without a trailing slash so that paths can be appended. */
  httpUrl: (example = 'http://127.0.0.1:4010') =>
    z
      .string({ error: `set it to a URL such as ${example}` })
      .refine(
        (value) => isHttpUrl(value) && !/[?#]/.test(value),
        `expected a URL such as ${example}, without ? and #`,
      )
      .transform((value) => value.replace(/(?<!\/)\/+$/, ''))
      .meta({ accepts: 'URL' }),

  redisUrl: redisUrlSetting,
  redisKeyTag: redisKeyTagSetting,

  flag: () =>
    z
      .enum(['true', 'false'], { error: 'expected true or false' })
      .transform((value) => value === 'true')
      .meta({ accepts: 'true, false' }),

  oneOf: <const C extends readonly [string, ...string[]]>(choices: C) =>
    z.enum(choices, { error: `expected ${inWords(choices)}` }).meta({ accepts: choices.join(', ') }),

  list,
};

function isHttpUrl(value: string): boolean {
  return ['http:', 'https:'].includes(URL.parse(value)?.protocol ?? '');
}

function inWords(choices: readonly string[]): string {
  return choices.length === 2 ? choices.join(' or ') : `one of ${choices.join(', ')}`;
}
