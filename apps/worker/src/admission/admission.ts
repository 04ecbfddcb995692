import type { BreakerStore } from '@proofbox/factory/breaker';
import type { QueuePause } from '@proofbox/ledger';
import type { Factory } from '../factory/factory.ts';

export type AdmissionOptions = {
  factories: readonly Pick<Factory, 'breaker' | 'rate'>[];
  breakers: Pick<BreakerStore, 'watch'>;
  queuePause: Pick<QueuePause, 'get' | 'watch'>;
  concurrency: number;
  /** How many orders may be in hand from now on. */
  apply: (permits: number) => void;
  /** Called whenever a factory's breaker may have changed. */
  onReview: () => void;
  now?: () => number;
  /** Calls back after so many ms, as `setTimeout` does. @returns what takes it back */
  after?: (ms: number, callback: () => void) => Disposable;
};

export type Admission = Disposable & {
  /** Looks again: the breakers were read, or the fleet has become larger or smaller. Until the first time it is shut. */
  review(): void;
};

/**
 * Opens and shuts the way from the queue to the factories: the worker takes as many orders as its factories have
 * permits, and with no factory to take orders it takes none, so that the backlog stays where it is. While an operator
 * has paused the queue it takes none either, not even as a probe; what is in hand is finished.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const {
    factories,
    breakers: store,
    queuePause,
    concurrency,
    apply,
    onReview,
    now = Date.now,
    after = startTimer,
  } = options;
  let timer: Disposable | undefined;
  // A change that arrives before everything was read says nothing about the rest.
  let state: 'unread' | 'working' | 'over' = 'unread';
  const breakers = factories.map((factory) => factory.breaker);

  function review(): void {
    if (state !== 'working') return;
    timer?.[Symbol.dispose]();
    // Read before the permits: a breaker whose time comes between the two is seen as open, and not missed by both.
    const next = Math.min(...breakers.map((breaker) => breaker.availableAt).filter((at) => at > 0));
    apply(queuePause.get().isPaused ? 0 : Math.min(concurrency, sum(factories.map(permitsAt))));
    onReview();
    if (Number.isFinite(next)) timer = after(Math.max(1, next - now()), review);
  }

  store.watch(review);
  queuePause.watch(review);
  return {
    review() {
      if (state === 'unread') state = 'working';
      review();
    },
    [Symbol.dispose]() {
      state = 'over';
      timer?.[Symbol.dispose]();
    },
  };
}

/** An order that is in hand and finds no permit goes back to the queue at once, and would come again at once. */
function permitsAt({ breaker, rate }: Pick<Factory, 'breaker' | 'rate'>): number {
  return Math.min(breaker.permits, rate.permits);
}

function startTimer(ms: number, callback: () => void): Disposable {
  return setTimeout(callback, ms);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
