import { isoTime, factoryNames, type FactoryName } from '@proofbox/contract';
import type { History, Overview, RedisAway } from '@proofbox/contract/admin';
import {
  countWorkers,
  readReconcileResult,
  readHistory,
  readLastSamples,
  readLoss,
  type QueuePause,
  type Ledger,
  type LedgerBreakerStore,
  type Names,
} from '@proofbox/ledger';
import { every } from '@proofbox/runtime';
import { readFactoryViews } from '../factories/factory-view.ts';
import { RecentRates } from './recent-rates.ts';
import { warningsOf } from './warnings.ts';

/** `away`: Redis does not answer; what was shown last is as of before that. It recovers by itself. */
export type OverviewUpdate = { event: 'overview'; data: Overview } | { event: 'away'; data: RedisAway };

export type OverviewWatch = {
  /** A second old at most, however many ask. @throws what Redis throws when it does not answer */
  now(): Promise<Overview>;
  history(hours: number): Promise<History>;
  /** Calls `listener` with the overview, at once and each second. All share one reading a second; without any there is none. */
  watch(listener: (update: OverviewUpdate) => void): Disposable;
};

export type OverviewOptions = {
  redis: Parameters<typeof countWorkers>[0]['redis'];
  names: Names;
  ledger: Pick<Ledger, 'stats'>;
  breakers: Pick<LedgerBreakerStore, 'get' | 'refresh'>;
  queuePause: Pick<QueuePause, 'refresh'>;
  /** Called once each time it can no longer be read. */
  onError: (error: Error) => void;
  now?: () => number;
};

const intervalMs = 1_000;
/** The workers take one each 10 s: older ones say nothing about now. */
const sampleAgeMs = 30_000;

/** How everything is, put together of all that Redis knows. */
export function createOverview(options: OverviewOptions): OverviewWatch {
  const { redis, names, ledger, breakers, queuePause, onError, now = Date.now } = options;
  const rates = new RecentRates();
  const listeners = new Set<(update: OverviewUpdate) => void>();
  let latest: { at: number; overview: Overview } | undefined;
  let underWay: Promise<Overview> | undefined;
  let lastUpdate: OverviewUpdate | undefined;
  let awaySince: number | undefined;
  let loop: AsyncDisposable | undefined;

  async function read(): Promise<Overview> {
    const [{ counters, oldestPendingAt }, workers, factories, queuePauseView, loss, reconcile, samples] =
      await Promise.all([
        ledger.stats(),
        countWorkers({ redis, names }),
        readFactoryViews({ redis, names, breakers, now }),
        queuePause.refresh(),
        readLoss({ redis, names }),
        readReconcileResult({ redis, names }),
        readLastSamples({ redis, names }, { count: 2, withinMs: sampleAgeMs, now }),
      ]);
    const at = now();
    const { accepted, lateReceipts: _late, ...counts } = counters;
    const backlog = counts.queued + counts.baking;
    // The first viewer sees a rate without waiting ten seconds.
    if (rates.isEmptyAt(at))
      for (const sample of samples.toReversed()) rates.add({ ...sample, at: Date.parse(sample.at) });
    const rate = rates.add({ at, accepted, fulfilled: counts.fulfilled, backlog });
    const isSetUp = (name: FactoryName): boolean =>
      samples[0]
        ? samples[0].factories[name] !== undefined
        : factories.some((each) => each.factory === name && (each.isKnown || each.lastFulfilledAt));
    return {
      at: isoTime(at),
      counts,
      accepted,
      acceptedPerSecond: rounded(rate.accepted),
      fulfilledPerSecond: rounded(rate.fulfilled),
      backlog,
      ...(oldestPendingAt !== undefined && { oldestPendingAt: isoTime(oldestPendingAt) }),
      ...(backlog > 0 && rate.shrinking > 0 && { secondsToEmpty: Math.ceil(backlog / rate.shrinking) }),
      workers,
      factories,
      queuePause: queuePauseView,
      warnings: warningsOf({
        now: at,
        counts,
        oldestPendingAt,
        workers,
        breakers: factoryNames.filter(isSetUp).map((name) => breakers.get(name)),
        queuePause: queuePauseView,
        loss,
        reconcile,
      }),
    };
  }

  /** However many ask meanwhile, they get the same answer. */
  function readOnce(): Promise<Overview> {
    underWay ??= read()
      .then((overview) => {
        latest = { at: now(), overview };
        return overview;
      })
      .finally(() => (underWay = undefined));
    return underWay;
  }

  async function look(): Promise<void> {
    lastUpdate = await readOnce().then(
      (data): OverviewUpdate => {
        awaySince = undefined;
        return { event: 'overview', data };
      },
      (error: Error): OverviewUpdate => {
        if (awaySince === undefined) onError(error);
        awaySince ??= now();
        return { event: 'away', data: { since: isoTime(awaySince), why: error.message } };
      },
    );
    for (const listener of listeners) listener(lastUpdate);
  }

  return {
    async now() {
      // A clock that was set back must not make it fresh for an hour.
      const isFresh = latest !== undefined && Math.abs(now() - latest.at) < intervalMs;
      return isFresh ? latest!.overview : readOnce();
    },
    history: (hours) => readHistory({ redis, names }, { hours, now }),
    watch(listener) {
      // Its own, so that the same function may listen twice.
      const publish = (update: OverviewUpdate): void => listener(update);
      listeners.add(publish);
      if (loop && lastUpdate) publish(lastUpdate);
      loop ??= every(intervalMs, look, onError);
      return {
        [Symbol.dispose]() {
          listeners.delete(publish);
          if (listeners.size > 0 || !loop) return;
          void loop[Symbol.asyncDispose]();
          loop = undefined;
          lastUpdate = undefined;
        },
      };
    },
  };
}

function rounded(rate: number): number {
  return Math.round(rate * 10) / 10;
}
