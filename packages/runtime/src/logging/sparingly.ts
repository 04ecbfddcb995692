const mostRemembered = 100;

/** `tell`, but the same message only once in `everyMs`: what is tried again each second fails each second. */
export function sparingly(
  tell: (error: Error) => void,
  { everyMs = 60_000, now = () => performance.now() } = {},
): (error: Error) => void {
  const toldAt = new Map<string, number>();
  return (error) => {
    const last = toldAt.get(error.message);
    if (last !== undefined && now() - last < everyMs) return;
    if (toldAt.size >= mostRemembered) toldAt.clear();
    toldAt.set(error.message, now());
    tell(error);
  };
}
