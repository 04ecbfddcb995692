import { setTimeout as pause } from 'node:timers/promises';
import type { FactoryName } from '@proofbox/contract';
import { atSteadyRate } from '../../support/steady-rate.ts';
import { openArena, type Arena } from './arena.ts';
import { openBooks, type Bookkeeper } from './books.ts';
import { createCrowd } from './crowd.ts';
import { createFactoryBooks } from './factory-books.ts';
import { readFinally } from './final-readings.ts';
import { createInjector, type Injector } from './injector.ts';
import { isAccepted, type Purchase } from './purchase.ts';
import { judge, type Evidence, type Judgement } from './judge.ts';

export type TrialOptions = {
  seed: number;
  /** Orders a second. */
  perSecond: number;
  /** Factories where a repeat is not safe. */
  once: readonly FactoryName[];
  /** How long what is pending may take once everything is mended. */
  drainLimitMs: number;
  say: (line: string) => void;
  /** A log file for each process. */
  logDir?: string;
  /** Ends it before its time. */
  signal: AbortSignal;
  /** What happens while orders are placed; when it resolves, no more are. */
  ordeal: (scene: { arena: Arena; injector: Injector; signal: AbortSignal }) => Promise<void>;
};

export type Trial = {
  judgement: Judgement;
  evidence: Evidence;
  purchases: readonly Purchase[];
  /** How often each fault struck each kind of target, such as `kill worker`. */
  faults: Readonly<Record<string, number>>;
};

const reportEveryMs = 5_000;
const pollEveryMs = 250;
const lastReadingLimitMs = 60_000;

/**
 * Runs a whole Proofbox under load through an ordeal, mends it, lets it drain, and judges. Nothing is left running,
 * however it ends.
 * @throws Error when a process does not start or come back; whatever `signal` was aborted with
 */
export async function holdTrial(options: TrialOptions): Promise<Trial> {
  const { seed, drainLimitMs, say, signal } = options;
  say('Starting Redis, two stand-in factories, two ingests, three workers and an admin.');
  await using arena = await openArena(options);
  const factoryBooks = createFactoryBooks(arena.factories);
  await using injector = createInjector({ arena, books: factoryBooks, say });
  using bookkeeper = openBooks(arena.redis.url, () => {});
  const closing = new AbortController();
  const crowd = await createCrowd({ arena, seed, closing: closing.signal });

  const placing = atSteadyRate({
    perSecond: options.perSecond,
    signal: AbortSignal.any([signal, closing.signal]),
    start: () => crowd.buy(),
  });
  const startedAt = performance.now();
  const reporting = setInterval(() => {
    say(`${seconds(performance.now() - startedAt)}  ${countOf(crowd.purchases)}`);
  }, reportEveryMs);
  try {
    await options.ordeal({ arena, injector, signal });
  } finally {
    closing.abort();
    clearInterval(reporting);
  }
  signal.throwIfAborted();
  say(
    `${seconds(performance.now() - startedAt)}  No new orders. Mending everything: ${countOf(crowd.purchases)}`,
  );
  await injector.mend();
  await placing;
  await crowd.comeBack(AbortSignal.any([signal, AbortSignal.timeout(drainLimitMs)]));
  const promised = crowd.purchases.filter(isAccepted).length;
  await drain(bookkeeper, { promised, limitMs: drainLimitMs, say, signal });
  say('Reading every order, every receipt and every book.');
  const readings = await readFinally(
    crowd.purchases,
    AbortSignal.any([signal, AbortSignal.timeout(lastReadingLimitMs)]),
  );
  await factoryBooks.note('primary');
  await factoryBooks.note('fallback');
  const evidence: Evidence = {
    purchases: crowd.purchases,
    readings,
    books: await bookkeeper.read(),
    mends: arena.mends,
    once: options.once,
    sent: (id, factory) => arena.sends.times(id, factory),
    baked: (id, factory) => factoryBooks.baked(id, factory),
  };
  signal.throwIfAborted();
  return { judgement: judge(evidence), evidence, purchases: crowd.purchases, faults: { ...injector.counts } };
}

/** Waits until no order is pending, but not for ever: what is still pending then is lost. */
async function drain(
  bookkeeper: Bookkeeper,
  options: { promised: number; limitMs: number; say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const { promised, limitMs, say, signal } = options;
  const begunAt = performance.now();
  let reportAt = 0;
  for (;;) {
    const pending = await bookkeeper.pending(promised);
    const elapsedMs = performance.now() - begunAt;
    if (pending === 0 || elapsedMs > limitMs) {
      return say(`Drained for ${seconds(elapsedMs).trim()}, ${pending} left.`);
    }
    if (elapsedMs >= reportAt) {
      say(`Draining: ${pending} left.`);
      reportAt += reportEveryMs;
    }
    await pause(pollEveryMs, undefined, { signal });
  }
}

function countOf(purchases: readonly Purchase[]): string {
  const accepted = purchases.filter(isAccepted).length;
  const served = purchases.filter(({ answers }) => answers.some((answer) => answer.status === 200)).length;
  return `${purchases.length} purchases, ${accepted} accepted, ${served} with a receipt`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(5)} s`;
}
