import type { AttemptKey, Ledger } from '@proofbox/ledger';

/** How long an attempt of a dead worker stays its own: about as long as its job does. */
export const leaseMs = 10_000;
const renewEveryMs = 3_000;

/** Keeps an attempt under way, however long its call takes, until it is disposed of. */
export function keepAttempt(
  { ledger, onError }: { ledger: Pick<Ledger, 'keepAttempt'>; onError: (error: Error) => void },
  attempt: AttemptKey,
): Disposable {
  const timer = setInterval(() => void ledger.keepAttempt(attempt, leaseMs).catch(onError), renewEveryMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
