/** A moment as an `<input type="datetime-local">` wants it: local time to the minute; empty where there is none. */
export function toLocalInput(iso: string | undefined): string {
  if (iso === undefined) return '';
  const at = Date.parse(iso);
  const localMs = at - new Date(at).getTimezoneOffset() * 60_000;
  return new Date(localMs).toISOString().slice(0, 16);
}
