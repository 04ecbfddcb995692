import type { Breaker } from './breaker.ts';
import type { Factory } from './factory.ts';

export type GateOptions = {
  factories: readonly Pick<Factory, 'name' | 'breaker'>[];
  concurrency: number;
  /** How many orders may be in hand from now on. */
  apply: (places: number) => void;
  /** Called whenever a factory's breaker may have changed. */
  onReview: () => void;
};

/**
 * Opens and shuts the way from the queue to the factories: with no factory to take orders the worker takes no
 * jobs, and the backlog rests where it is.
 */
export function createGate({ factories, concurrency, apply, onReview }: GateOptions): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const breakers = factories.map((factory) => factory.breaker);

  function review(): void {
    clearTimeout(timer);
    const { places, reviewAt } = openPlaces(breakers, concurrency);
    apply(places);
    onReview();
    if (reviewAt !== undefined) timer = setTimeout(review, Math.max(1, reviewAt - Date.now()));
  }

  for (const breaker of breakers) breaker.watch(review);
  review();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/**
 * All places while a factory is closed, one while the best that can be had is a probe, none while no factory
 * takes orders. `reviewAt`: when time alone changes that next, in ms since the epoch.
 */
export function openPlaces(
  breakers: readonly Pick<Breaker, 'state' | 'availableAt'>[],
  concurrency: number,
): { places: number; reviewAt: number | undefined } {
  const next = Math.min(...breakers.map((breaker) => breaker.availableAt).filter((at) => at > 0));
  const reviewAt = Number.isFinite(next) ? next : undefined;
  const available = breakers.filter((breaker) => breaker.availableAt === 0);
  if (available.some((breaker) => breaker.state === 'closed')) return { places: concurrency, reviewAt };
  return { places: available.length > 0 ? 1 : 0, reviewAt };
}
