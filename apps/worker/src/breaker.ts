import type { OutcomeKind } from '@proofbox/contract';
import { FailureWindow } from './failure-window.ts';

/** `out_of_service`: the factory refuses us, not our orders; only a restart with other settings helps. */
export const breakerStates = ['closed', 'open', 'half_open', 'out_of_service'] as const;
export type BreakerState = (typeof breakerStates)[number];

/** What a factory may be sent: any order, one order as a probe, or none. */
export type Admission = 'normal' | 'probe' | 'none';

const streakToOpen = 3;
const firstOpenMs = 5_000;
const longestOpenMs = 60_000;
/** Closed for so long, and the next opening starts at the shortest time again. */
const trustedAfterMs = 60_000;

export type BreakerOptions = {
  now: () => number;
  /** in [0, 1) */
  random: () => number;
};

/**
 * Decides whether a factory may be called, from how orders fared there. Distinct orders count, so that one bad
 * order cannot open it: three in a row, or at least half of at least ten within 30 s.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #window: FailureWindow;
  readonly #streak = new Set<string>();
  #state: BreakerState = 'closed';
  #openUntil = 0;
  #timesOpened = 0;
  #closedAt: number;
  #throttledUntil = 0;
  #probe: string | undefined;
  #onChange: () => void = () => {};

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#window = new FailureWindow();
    this.#closedAt = options.now();
  }

  /** Has `listener` called after each change of what the factory may be sent, except those that time alone brings. */
  watch(listener: () => void): void {
    this.#onChange = listener;
  }

  /** The state as of now: an open time that has run out is half-open. */
  get state(): BreakerState {
    return this.#state === 'open' && this.#options.now() >= this.#openUntil ? 'half_open' : this.#state;
  }

  /** When an order may be sent next, in ms since the epoch: 0 for now, Infinity for "nothing here will change that". */
  get availableAt(): number {
    switch (this.state) {
      case 'out_of_service':
        return Infinity;
      case 'open':
        return Math.max(this.#openUntil, this.#throttledUntil);
      case 'half_open':
        return this.#probe === undefined ? this.#throttleEnd() : Infinity;
      case 'closed':
        return this.#throttleEnd();
    }
  }

  /** Asks to send this order. A `probe` holds the only place until `record` or `release` gives it back. */
  admit(orderId: string): Admission {
    if (this.availableAt > 0) return 'none';
    if (this.state === 'closed') return 'normal';
    this.#probe = orderId;
    this.#onChange();
    return 'probe';
  }

  /** The order was not sent after all. */
  release(orderId: string): void {
    if (this.#probe !== orderId) return;
    this.#probe = undefined;
    this.#onChange();
  }

  /** Learns from an attempt. `retryAfterMs` goes with `throttled`. */
  record(orderId: string, outcome: OutcomeKind, retryAfterMs = 0): void {
    switch (outcome) {
      case 'fulfilled':
        this.#succeeded(orderId);
        break;
      case 'not_sent':
      case 'failed':
      case 'unknown':
        this.#failed(orderId);
        break;
      case 'throttled':
        this.#throttledUntil = this.#options.now() + retryAfterMs;
        this.#onChange();
        break;
      case 'misconfigured':
        this.#state = 'out_of_service';
        this.#onChange();
        break;
      case 'rejected':
        // It says something about the order, and nothing about whether other orders get baked.
        break;
    }
    this.release(orderId);
  }

  #throttleEnd(): number {
    return this.#throttledUntil > this.#options.now() ? this.#throttledUntil : 0;
  }

  #succeeded(orderId: string): void {
    const now = this.#options.now();
    this.#streak.clear();
    this.#window.record(orderId, true, now);
    // A call that was under way when the breaker opened proves less than the probe that is asked for.
    if (this.#state === 'closed' || this.#state === 'out_of_service' || this.#probe !== orderId) return;
    this.#state = 'closed';
    this.#closedAt = now;
    this.#window.clear();
    this.#onChange();
  }

  #failed(orderId: string): void {
    const now = this.#options.now();
    this.#streak.add(orderId);
    this.#window.record(orderId, false, now);
    if (this.#state === 'closed') {
      if (this.#streak.size >= streakToOpen || this.#window.mostlyFailing) this.#open(now);
    } else if (this.#state === 'open' && this.#probe === orderId) {
      this.#open(now);
    }
  }

  #open(now: number): void {
    if (this.#state === 'closed' && now - this.#closedAt >= trustedAfterMs) this.#timesOpened = 0;
    const openMs = Math.min(longestOpenMs, firstOpenMs * 2 ** this.#timesOpened);
    this.#timesOpened = Math.min(this.#timesOpened + 1, 10);
    this.#state = 'open';
    this.#openUntil = now + openMs * (0.8 + 0.4 * this.#options.random());
    this.#streak.clear();
    this.#onChange();
  }
}
