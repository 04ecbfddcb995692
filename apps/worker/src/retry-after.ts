const minMs = 1_000;
const maxMs = 60_000;

/**
 * How long a factory asks to be left alone: Retry-After in seconds or as an HTTP date, kept within 1 s and 60 s
 * so that neither a zero nor a day can harm us. Absent or unreadable: 1 s.
 */
export function retryAfterMs(header: string | string[] | undefined, now: number): number {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
  const asked = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(asked) ? minMs : Math.min(Math.max(asked, minMs), maxMs);
}
