import { setTimeout as delay } from 'node:timers/promises';
import type { BulkLease, BulkLeases } from '@proofbox/ledger/operations';

/** How often the lease is renewed, at the least. */
const keepEveryMs = 500;

/** Keeps the lease of a task while it is worked on, and reports how fast that goes. */
export function createHold(input: {
  leases: BulkLeases;
  lease: BulkLease;
  perSecond: () => number;
  /** ms, from any moment on */
  clock: () => number;
  signal: AbortSignal;
}) {
  const { leases, lease, perSecond, clock, signal } = input;
  let keptAt = clock();

  /** @returns whether the lease is still ours, and the task runs */
  async function keep(trouble?: string): Promise<boolean> {
    keptAt = clock();
    const progress = { ratePerSecond: perSecond(), ...(trouble !== undefined && { trouble }) };
    return (await leases.keep(lease, progress)) === 'running';
  }

  /** The same, but it asks Redis only when that is due. */
  async function isOurs(): Promise<boolean> {
    return !signal.aborted && (clock() - keptAt < keepEveryMs || keep());
  }

  return {
    keep,
    isOurs,
    /** Sleeps, in pieces, and keeps the lease. @returns whether the lease is still ours */
    async sleep(ms: number): Promise<boolean> {
      const until = clock() + ms;
      while (await isOurs()) {
        const left = until - clock();
        if (left <= 0) return true;
        await delay(Math.max(1, Math.min(left, keepEveryMs)), undefined, { signal }).catch(() => undefined);
      }
      return false;
    },
  };
}
