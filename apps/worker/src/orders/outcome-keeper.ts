import { setTimeout as realSleep } from 'node:timers/promises';
import type { Outcome } from '@proofbox/contract';
import type { AttemptKey, Ledger, Settled } from '@proofbox/ledger';
import type { KeptReceipt } from '@proofbox/outbox';
import type { Called } from '../factory/call-factory.ts';
import { attemptName } from './worker-context.ts';

/** An attempt whose end cannot be written down yet: its receipt cannot be checked, or Redis refuses to write. */
type KeptOutcome = {
  attempt: AttemptKey;
  called: Called;
  /** To be called once it is written down. */
  onSettled: (outcome: Outcome, settled: Settled) => void;
};

export type OutcomeKeeper = AsyncDisposable & {
  /** Tries again until it is written down, and lets nobody else take the order meanwhile. @returns false: no room */
  keep(kept: KeptOutcome): boolean;
  /** Whether it has the outcome of the attempt of this name. */
  has(attempt: string): boolean;
};

export type OutcomeKeeperOptions = {
  ledger: Pick<Ledger, 'settle' | 'keepAttempt'>;
  attemptsInHand: Set<string>;
  /**
   * Keeps verified receipts on the disk that could not be written down, because the worker has to go or it took too long.
   * @throws Error when the disk does not take them
   */
  keepOnDisk: (receipts: KeptReceipt[]) => void;
  /** What could not be checked, or neither written down nor kept on the disk: ids of orders. */
  onGivenUp: (orderIds: string[]) => void;
  onError: (error: Error) => void;
  sleep?: (ms: number, options: { signal: AbortSignal }) => Promise<unknown>;
};

/** More outcomes than a worker has orders in hand at any time by default. */
const mostKept = 200;
/** A worker that cannot check or write down a receipt for so long gives up: a person has to look. */
const longestMs = 10 * 60_000;
const firstRetryMs = 500;
const longestRetryMs = 5_000;
/** A process that has to go waits so long for Redis to take them. */
const lastTryMs = 800;
/** Several retries long, so that one that fails gives the order to nobody. */
const leaseMs = 30_000;

/**
 * Keeps what factories have answered until the ledger has it: a receipt in hand is never thrown away. Disposing makes one
 * last try with each; a verified receipt that is left goes to the disk, and what is not verified is reported.
 */
export function createOutcomeKeeper(options: OutcomeKeeperOptions): OutcomeKeeper {
  const { ledger, attemptsInHand, keepOnDisk, onGivenUp, onError, sleep = abortableSleep } = options;
  /** By the name of the attempt. `called`: as it was checked last. */
  const kept = new Map<string, { attempt: AttemptKey; called: Called; done: Promise<void> }>();
  const stopping = new AbortController();
  const { signal } = stopping;

  async function carryThrough({ attempt, called, onSettled }: KeptOutcome): Promise<void> {
    const giveUpAt = performance.now() + longestMs;
    let latest = called;
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(2 * retryMs, longestRetryMs)) {
      await sleep(retryMs, { signal });
      const isLast = signal.aborted || performance.now() > giveUpAt;
      try {
        if (!isLast) await ledger.keepAttempt(attempt, leaseMs);
        if (latest.checkAgain) latest = await latest.checkAgain();
        kept.get(attemptName(attempt))!.called = latest;
        if (latest.checkAgain === undefined || isLast) {
          onSettled(latest.outcome, await ledger.settle({ ...attempt, outcome: latest.outcome }));
          // There was a receipt, and nobody knows whether it was good.
          if (latest.checkAgain) onGivenUp([attempt.id]);
          return;
        }
      } catch (error) {
        onError(error as Error);
        if (isLast) return giveUp([{ attempt, called: latest }]);
      }
    }
  }

  /** A receipt that is verified waits on the disk for the next worker; what nobody has verified is lost. */
  function giveUp(left: { attempt: AttemptKey; called: Called }[]): void {
    const receipts = left.flatMap(({ attempt, called: { outcome } }) =>
      outcome.kind === 'fulfilled' ? [{ attempt, outcome }] : [],
    );
    const lost = left.filter(({ called }) => called.outcome.kind !== 'fulfilled');
    try {
      if (receipts.length > 0) keepOnDisk(receipts);
    } catch (error) {
      onError(error as Error);
      lost.push(...left.filter(({ called }) => called.outcome.kind === 'fulfilled'));
    }
    if (lost.length > 0) onGivenUp(lost.map(({ attempt }) => attempt.id));
  }

  return {
    keep(outcome) {
      if (kept.size >= mostKept || signal.aborted) return false;
      const name = attemptName(outcome.attempt);
      attemptsInHand.add(name);
      const done = carryThrough(outcome).finally(() => {
        kept.delete(name);
        attemptsInHand.delete(name);
      });
      kept.set(name, { attempt: outcome.attempt, called: outcome.called, done });
      return true;
    },
    has: (name) => kept.has(name),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.race([Promise.all([...kept.values()].map(({ done }) => done)), realSleep(lastTryMs)]);
      if (kept.size > 0) giveUp([...kept.values()]);
    },
  };
}

async function abortableSleep(ms: number, { signal }: { signal: AbortSignal }): Promise<void> {
  await realSleep(ms, undefined, { signal }).catch(() => {});
}
