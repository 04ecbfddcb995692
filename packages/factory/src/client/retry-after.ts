import { firstOf, type ReplyHeaders } from './delivery.ts';

const minMs = 1_000;
const maxMs = 60_000;

/**
 * How long a factory asks to be left alone: Retry-After in seconds or as an HTTP date, kept within 1 s and 60 s so that
 * neither a zero nor a day can harm us. A date counts from the factory's own `Date`, if it sent one: then it does not
 * matter whose clock is wrong. Absent or unreadable: 1 s.
 * @param now ms since the epoch
 */
export function retryAfterMs(headers: ReplyHeaders, now: number): number {
  const text = firstOf(headers['retry-after'])?.trim() ?? '';
  const asked = /^\d+(?:\.\d+)?$/.test(text)
    ? Number(text) * 1_000
    : httpDate(text) - (httpDate(firstOf(headers['date']) ?? '') || now);
  return Number.isNaN(asked) ? minMs : Math.min(Math.max(asked, minMs), maxMs);
}

/** Such as `Sun, 06 Nov 1994 08:49:37 GMT`. @returns ms since the epoch, or NaN */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2,8},? .{1,40}$/.test(text)
    ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
    : NaN;
}
