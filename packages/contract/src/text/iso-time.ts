/** The years 0 to 9999, in ms since the epoch: those that a time in a reply can have. */
const [first, last] = [-62_167_219_200_000, 253_402_300_799_999];

/**
 * ms since the epoch, as the APIs write times. What cannot be a time becomes the nearest that can: one wrong number must
 * not hide all that stands beside it.
 */
export function isoTime(ms: number): string {
  return new Date(Math.min(Math.max(ms || 0, first), last)).toISOString();
}
