/** Aborts, with the signal's name as the reason, on SIGINT (Ctrl-C), SIGTERM or SIGHUP. */
export function abortOnStopSignal(onFirst: () => void): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // One Ctrl-C may arrive twice, from the terminal and from npm.
    process.on(name, () => {
      if (!stopping.signal.aborted) onFirst();
      stopping.abort(name);
    });
  }
  return stopping.signal;
}
