/** ms since the epoch, as the API writes times. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
