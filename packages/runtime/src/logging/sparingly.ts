const mostRemembered = 100;

/** `log`, but the same message only once in `everyMs`: what is tried again each second fails each second. */
export function sparingly(
  log: (error: Error) => void,
  { everyMs = 60_000, now = () => performance.now() } = {},
): (error: Error) => void {
  const loggedAt = new Map<string, number>();
  return (error) => {
    const last = loggedAt.get(error.message);
    if (last !== undefined && now() - last < everyMs) return;
    if (loggedAt.size >= mostRemembered) loggedAt.clear();
    loggedAt.set(error.message, now());
    log(error);
  };
}
