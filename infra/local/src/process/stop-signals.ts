/** npm and the terminal may both deliver one Ctrl-C; a person's second one comes later than this. */
const sameKeyPressMs = 500;

/**
 * Waits for SIGINT (Ctrl-C), SIGTERM or SIGHUP. From then on a second one runs `force`.
 * The signal handlers stay: nothing else may end the process while it closes.
 */
export function firstStopSignal(force: () => void): Promise<NodeJS.Signals> {
  let first: number | undefined;
  return new Promise((resolve) => {
    function handle(signal: NodeJS.Signals): void {
      if (first === undefined) {
        first = performance.now();
        resolve(signal);
      } else if (performance.now() - first > sameKeyPressMs) {
        force();
      }
    }
    process.on('SIGINT', handle).on('SIGTERM', handle).on('SIGHUP', handle);
  });
}
