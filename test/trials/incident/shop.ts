import type { FactoryControl } from '../../support/factory-control.ts';
import type { Purchase } from './purchase.ts';

/** In which of the three it is tried. */
export type ShopKey = 'synchronous' | 'proofbox' | 'proofboxWithFallback';

/** How many orders are where, at this moment. */
export type Counts = { fulfilled: number; waiting: number; failed: number };

/** A shop with a factory of its own. Disposing it ends all its processes. */
export type Shop = AsyncDisposable & {
  readonly key: ShopKey;
  readonly name: string;
  /** The factory that fails. */
  readonly factory: FactoryControl;
  /** Has a diner place one order. Never rejects. */
  place(): Promise<void>;
  readonly counts: Counts;
  /** When the first alarm was there, in ms since the epoch. */
  readonly alarmAt: number | undefined;
  /** Keeps the counts up to date; ends when `isClosed` and no order waits any more, or when `signal` aborts. */
  follow(options: { isClosed: () => boolean; signal: AbortSignal }): Promise<void>;
  /** Looks at every order a last time. */
  closeBooks(signal: AbortSignal): Promise<Purchase[]>;
};
