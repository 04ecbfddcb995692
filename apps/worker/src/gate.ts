import type { VerdictBoard } from '@proofbox/ledger';
import type { Factory } from './factory.ts';

export type GateOptions = {
  factories: readonly Pick<Factory, 'name' | 'breaker'>[];
  board: Pick<VerdictBoard, 'watch'>;
  concurrency: number;
  /** How many orders may be in hand from now on. */
  apply: (places: number) => void;
  /** Called whenever a factory's verdict may have changed. */
  onReview: () => void;
};

export type Gate = Disposable & {
  /** Looks again: the verdicts were read for the first time, or the fleet has become larger or smaller. */
  review(): void;
};

/**
 * Opens and shuts the way from the queue to the factories: the worker takes as many orders as its factories have
 * places, and with no factory to take orders it takes none, so that the backlog rests where it is.
 */
export function createGate({ factories, board, concurrency, apply, onReview }: GateOptions): Gate {
  let timer: NodeJS.Timeout | undefined;
  const breakers = factories.map((factory) => factory.breaker);

  function review(): void {
    clearTimeout(timer);
    apply(Math.min(concurrency, sum(breakers.map((breaker) => breaker.places))));
    onReview();
    const next = Math.min(...breakers.map((breaker) => breaker.availableAt).filter((at) => at > 0));
    if (Number.isFinite(next)) timer = setTimeout(review, Math.max(1, next - Date.now()));
  }

  board.watch(review);
  return { review, [Symbol.dispose]: () => clearTimeout(timer) };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
