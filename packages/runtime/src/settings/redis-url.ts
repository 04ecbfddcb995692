import { z } from 'zod';

const example = 'redis://127.0.0.1:6379';

/** A name or an IPv4 address, or an IPv6 address in brackets. */
const host = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;
const database = /^\/?(?:0|[1-9]\d{0,4})?$/;
/** What an ioredis URL may say beyond the address; anything else there would overrule how we connect. */
const family = /^(?:\?family=[046])?$/;

/** `redis://` or `rediss://`, with name, password and database where it has them. Its value may be a secret. */
export function redisUrlSetting() {
  return z
    .string({ error: `set it to a URL such as ${example}` })
    .check((context) => {
      const problem = problemOf(context.value);
      if (problem !== undefined)
        context.issues.push({ code: 'custom', message: problem, input: context.value });
    })
    .transform((value) => new URL(value).href)
    .meta({ accepts: 'URL' });
}

/** The hash tag that all keys share: it may not hold what ends it, nor what file names and patterns give a meaning to. */
export function redisKeyTagSetting() {
  const expected = 'expected up to 64 letters, digits, and any of . _ : - within them';
  return z
    .string({ error: expected })
    .regex(/^[a-z\d][\w.:-]{0,63}$/i, expected)
    .meta({ accepts: 'text' });
}

/** The first thing that is wrong with it, without a word of the value. */
function problemOf(value: string): string | undefined {
  const url = URL.parse(value);
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || !host.test(url.hostname))
    return `expected a URL such as ${example}`;
  if (url.port === '0') return 'expected a port from 1 to 65535';
  if (!isEncoded(url.username) || !isEncoded(url.password))
    return 'expected a name and a password that are encoded for a URL: write % as %25';
  if (url.username !== '' && url.password === '')
    return `expected a password after the name, as in redis://name:password@127.0.0.1:6379`;
  if (!database.test(url.pathname))
    return `expected nothing but the number of a database after the address, as in ${example}/0`;
  if (!family.test(url.search) || url.hash !== '')
    return 'expected no options after the address: in a password write ? as %3F and # as %23';
  return undefined;
}

function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
