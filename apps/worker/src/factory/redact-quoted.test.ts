import { describe, expect, test } from 'vitest';
import { redactQuoted } from './redact-quoted.ts';

const apiKey = 'kQ7-vendor/Schlüssel+3fX9zR2mW8';
const diner = {
  id: 'kai.chen@example.com',
  name: 'Kai\u00a0Chen-Müller',
  email: 'Kai.Chen@Example.com',
  phone: '+1 555 0100 200',
  address: { street: '12 Crust Lane' },
};

function redacted(text: string): string {
  return redactQuoted(text, { apiKey, diner });
}

/** As a factory may write it, and what may not be left of it. */
function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

const allEscaped = (text: string): string =>
  Buffer.from(text)
    .toString('hex')
    .replaceAll(/../g, (byte) => `%${byte}`);
const jsonEscaped = (text: string): string =>
  Array.from(text, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0));

const encodings: [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['in capitals', (text) => text.toUpperCase()],
  ['in small letters', (text) => text.toLowerCase()],
  ['in letters of full width', fullWidth],
  ['with invisible characters', (text) => Array.from(text).join('\u200b')],
  ['in Unicode that is taken apart', (text) => text.normalize('NFD')],
  ['URL-encoded', encodeURIComponent],
  ['URL-encoded in capitals', (text) => encodeURIComponent(text).toUpperCase()],
  ['URL-encoded twice', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['URL-encoded, every byte of it', allEscaped],
  ['as JSON escapes', jsonEscaped],
  ['as JSON escapes within JSON', (text) => jsonEscaped(text).replaceAll('\\', '\\\\')],
  ['as HTML', (text) => Array.from(text, (each) => `&#${each.codePointAt(0)};`).join('')],
  ['in base64', base64],
  ['in base64, one byte further', (text) => base64(`x${text}:`)],
  ['in base64, two bytes further', (text) => base64(`xy${text}::`)],
  ['in base64 for URLs', (text) => Buffer.from(`${text}?`).toString('base64url')],
  ['in capitals, in base64', (text) => base64(text.toUpperCase())],
  ['in hex', (text) => Buffer.from(text).toString('hex')],
  ['in hex in capitals', (text) => Buffer.from(text).toString('hex').toUpperCase()],
];

const secrets: [string, string][] = [
  ['our key', apiKey],
  ['the name', diner.name],
  ['the e-mail', diner.email],
  ['the id', diner.id],
  ['another field of the diner', diner.phone],
  ['a field within one', diner.address.street],
];

describe.for(secrets)('%s', ([, secret]) => {
  test.for(encodings)('%s is not kept', ([, encode]) => {
    const encoded = encode(secret);
    const left = redacted(`no pizza (${encoded}), sorry`);
    // Of base64, whose characters go across bytes, one may be left at each end.
    expect(left).toMatch(/^no pizza \(.{0,3}\[redacted\].{0,3}\), sorry$|^no pizza \(\[e-mail\]\), sorry$/);
  });
});

test.for([8, 10, 12, 20])('of our key, %d characters from any place are not kept either', (length) => {
  for (let at = 0; at + length <= apiKey.length; at += 1)
    expect(redacted(`no: ${apiKey.slice(at, at + length)}…`)).toBe('no: [redacted]…');
});

test.for([
  'Kai Chen-Müller',
  'kai chen-muller',
  'KAI_CHEN-MÜLLER',
  'Chen-Müller, Kai',
  'kai.chen-müller',
  'KaiChen-Müller',
  'Kai+Chen-M%C3%BCller',
  'Kai   Chen-Müller',
])('a name written %s is not kept', (name) => {
  expect(redacted(`for (${name})!`)).toMatch(/^for .{0,1}\[redacted\].{0,1}!$/);
});

test('a short name is taken out where it stands alone, and not out of words', () => {
  const text = redactQuoted('Ann cannot: ANN', { apiKey, diner: { id: 1, name: 'Ann' } });
  expect(text).toBe('[redacted] cannot: [redacted]');
});

const tokens: [text: string, clean: string][] = [
  ['see https://f.io/api/support/KEY/report/42', 'see [end-chaos link]'],
  ['see HTTPS%3A%2F%2Ff.io%2Fapi%2Fsupport%2FKEY%2Freport%2F42', 'see [end-chaos link]'],
  [String.raw`{"reportUrl":"https:\/\/f.io\/api\/support\/KEY\/report\/42"}`, '{"reportUrl":"[redacted]"}'],
  ['call support/KEY/report/42 now', 'call [end-chaos link] now'],
  ['call /report/a1b2c3 now', 'call /report/[redacted] now'],
  ['{"fixCode":"a1b2"} and {"fixCode":1234}', '{"fixCode":"[redacted]"} and {"fixCode":[redacted]}'],
  ['the fixCode is a1b2', 'the fixCode is [redacted]'],
  ['fix-code: a1b2', 'fix-code: [redacted]'],
  ['?fixCode=a1b2&x=1', '?fixCode=[redacted]&x=1'],
  ['X-Api-Key: abc', 'X-Api-Key: [redacted]'],
  ['invalid api key 4f7a9b2c11', 'invalid api key [redacted]'],
  ['unknown token (4f7a9b2c11)', 'unknown token ([redacted])'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: [redacted]'],
  ['Bearer%20abc', 'Bearer [redacted]'],
  ['session 9f86d081884c7d659a2feaa0c55ad015', 'session [redacted]'],
  ['used pbx_abcdefghijklmnopqrstuvwxyz', 'used [redacted]'],
];

test.for(tokens)('whatever looks like a token is not kept: %s', ([text, clean]) => {
  expect(redacted(text)).toBe(clean);
});

test.for([
  'chaos monkey',
  'Unable to satisfy pizza order. The oven is full.',
  'unknown endpoint /api/order/2024-11-28/items',
  'invalid authentication token',
  'no such store: 12, order pb-0123456789abcdefghjkmnpq',
  'request 6f1f4b0e-3c1d-4f0a-9b7e-2f6a1c9d8e7f failed with code ECONNREFUSED',
  'at 2026-11-28T09:00:00.000Z: 100% of 3 ovens busy & closed',
  'internationalisation of Quattro_Stagioni_with_everything_on_it failed',
])('what says what happened stays: %s', (text) => {
  expect(redacted(text)).toBe(text);
});
