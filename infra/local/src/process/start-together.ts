/** Several things could not be started; `errors` says each. */
export class StartTogetherError extends AggregateError {
  override readonly name = 'StartTogetherError';
}

/** Those that hang because another one is missing are not waited for longer than this. */
const graceMs = 3_000;

/**
 * Starts all at once. When one fails the others get a short while to say what is wrong with them too, then all that did start are closed again.
 * @throws the one error, or StartTogetherError with all of them
 */
export async function startTogether<T extends AsyncDisposable>(
  starts: ((signal: AbortSignal) => Promise<T>)[],
  outerSignal?: AbortSignal,
): Promise<T[]> {
  const givingUp = new AbortController();
  const signal = outerSignal ? AbortSignal.any([outerSignal, givingUp.signal]) : givingUp.signal;
  let timer: NodeJS.Timeout | undefined;
  const results = await Promise.allSettled(
    starts.map((start) =>
      start(signal).catch((error: unknown) => {
        timer ??= setTimeout(() => givingUp.abort(), graceMs);
        throw error;
      }),
    ),
  );
  clearTimeout(timer);
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (errors.length === 0) return started;
  await Promise.allSettled(started.map((each) => each[Symbol.asyncDispose]()));
  if (errors.length === 1) throw errors[0]!;
  throw new StartTogetherError(errors, errors.map((error) => error.message).join('\n'));
}
