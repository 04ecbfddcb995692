import {
  conditionOf,
  type FactoryCondition,
  type FactoryName,
  type FactoryVerdict,
  type OutcomeKind,
} from '@proofbox/contract';
import {
  grantProbe,
  narrow,
  probeFailed,
  probeSucceeded,
  putIntoService,
  returnProbe,
  shareOf,
  takeOutOfService,
  throttle,
  trip,
  widen,
  type FleetPlace,
  type VerdictBoard,
  type VerdictChange,
} from '@proofbox/ledger';
import { FailureWindow } from './failure-window.ts';

/** What a factory may be sent: any order, one order as a probe, or none. */
export type Admission = 'normal' | 'probe' | 'none';

export type BreakerOptions = {
  factory: FactoryName;
  board: Pick<VerdictBoard, 'get' | 'update' | 'watch'>;
  /** This process, as the fleet knows it. */
  worker: string;
  fleetPlace: () => FleetPlace;
  /** Orders this worker can have in hand. */
  concurrency: number;
  /** A probe that was not heard of for so long is given up. */
  probeLeaseMs: number;
  /** A hash of the settings this worker calls the factory with. */
  settings: string;
  /** Some worker was told that the factory is sent too much. */
  onThrottled: () => void;
  now: () => number;
  /** in [0, 1) */
  random: () => number;
  onError: (error: Error) => void;
};

const streakToOpen = 3;
/** A factory that refuses us, but is forced closed, is asked again after so long. */
const insistEveryMs = 5_000;
/** Refused settings are tried again when the factory has served workers with others for so long: they may be right again. */
const refusedForMs = 60_000;

/**
 * Decides whether this worker may call a factory. It counts for itself how orders fare there, so that an order costs
 * no round trip; what follows from the count is the fleet's verdict, so that one worker's finding spares the others.
 * Distinct orders count, so that one bad order cannot open it: three in a row, or at least half of at least ten in 30 s.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #window = new FailureWindow();
  readonly #streak = new Set<string>();
  /** By order id: the era its call was begun in. */
  readonly #inFlight = new Map<string, number>();
  /** Goes up with each opening and closing: what a call tells that was begun before that, is no news. */
  #era = 0;
  /** Orders baked since this worker's share of a careful start was last used up. */
  #bakedHere = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
    let { state, changedAt, throttledUntil } = this.#verdict;
    options.board.watch(() => {
      const verdict = this.#verdict;
      if (verdict.state !== state || verdict.changedAt !== changedAt) this.#startCountingAgain();
      // A complaint of long ago, read by a worker that has just started, is no complaint about what it sends.
      const isComplaint = verdict.throttledUntil > Math.max(throttledUntil, options.now());
      ({ state, changedAt, throttledUntil } = verdict);
      if (isComplaint) options.onThrottled();
    });
  }

  get condition(): FactoryCondition {
    const verdict = this.#verdict;
    if (!verdict.forced) {
      if (this.#refused.includes(this.#options.settings)) return 'out_of_service';
      // Another worker's settings were refused: ours have not been tried.
      if (verdict.state === 'out_of_service') return 'closed';
    }
    return conditionOf(verdict, this.#options.now());
  }

  /**
   * When an order may be sent next, in ms since the epoch: 0 for now, Infinity for "time alone does not change that".
   * Own orders under way are not looked at: see `places`.
   */
  get availableAt(): number {
    const now = this.#options.now();
    const { throttledUntil, openUntil, probe } = this.#verdict;
    const throttleEnd = throttledUntil > now ? throttledUntil : 0;
    switch (this.condition) {
      case 'forced_closed':
      case 'closed':
        return this.#share > 0 ? throttleEnd : Infinity;
      case 'half_open':
        return Math.max(throttleEnd, probe && probe.until > now ? probe.until : 0);
      case 'open':
        return Math.max(openUntil, throttledUntil);
      case 'out_of_service':
      case 'forced_open':
        return Infinity;
    }
  }

  /** How many orders this worker may have under way there now. */
  get places(): number {
    if (this.availableAt > 0) return 0;
    return this.condition === 'half_open' ? 1 : this.#share;
  }

  /** Asks to send this order; `normal` and `probe` take a place until `leave`. */
  async admit(orderId: string): Promise<Admission> {
    if (this.#inFlight.size >= this.places) return 'none';
    this.#inFlight.set(orderId, this.#era);
    if (this.condition !== 'half_open') return 'normal';
    const isProbe = await this.#askToProbe(orderId).catch((error: Error) => {
      this.#inFlight.delete(orderId);
      throw error;
    });
    if (isProbe) return 'probe';
    this.#inFlight.delete(orderId);
    return 'none';
  }

  /** The order is not under way there any more. A probe that nothing was learnt from gives its place back. */
  leave(orderId: string): void {
    this.#inFlight.delete(orderId);
    if (this.#isProbe(orderId)) this.#tell(returnProbe({ orderId }));
  }

  /** Learns from an attempt. `retryAfterMs` goes with `throttled`, `cause` is for operators. */
  record(orderId: string, outcome: OutcomeKind, { retryAfterMs = 0, cause = '' } = {}): void {
    const now = this.#options.now();
    if (outcome !== 'throttled' && this.#isLate(orderId)) return;
    switch (outcome) {
      case 'fulfilled':
        this.#succeeded(orderId, now);
        break;
      case 'unknown':
        this.#tell(narrow({ now, full: this.#full }));
        this.#failed(orderId, now, cause);
        break;
      case 'not_sent':
      case 'failed':
        this.#failed(orderId, now, cause);
        break;
      case 'throttled':
        this.#tell(throttle({ now, retryAfterMs, full: this.#full }));
        break;
      case 'misconfigured':
        this.#tell(takeOutOfService({ now, cause, settings: this.#options.settings }));
        // An operator insists: then not more often than this, for its orders come back at once.
        if (this.condition === 'forced_closed')
          this.#tell(throttle({ now, retryAfterMs: insistEveryMs, full: this.#full }));
        break;
      case 'rejected':
      case 'receipt_mismatch':
        // It says something about the order, and nothing about whether other orders get baked.
        break;
    }
  }

  #succeeded(orderId: string, now: number): void {
    this.#streak.clear();
    this.#window.record(orderId, true, now);
    if (this.#isProbe(orderId)) return this.#tell(probeSucceeded({ now, orderId }));
    const { state, places } = this.#verdict;
    if (state === 'out_of_service') return this.#tell(putIntoService({ now }));
    const share = this.#share;
    if (places === undefined || share === 0) return;
    this.#bakedHere += 1;
    if (this.#bakedHere < share) return;
    this.#bakedHere = 0;
    this.#tell(widen({ from: places, full: this.#full }));
  }

  #failed(orderId: string, now: number, cause: string): void {
    this.#streak.add(orderId);
    this.#window.record(orderId, false, now);
    this.#bakedHere = 0;
    const { random } = this.#options;
    if (this.#isProbe(orderId))
      return this.#tell(probeFailed({ now, random: random(), orderId, cause: `the probe: ${cause}` }));
    if (this.#streak.size >= streakToOpen) {
      this.#tell(
        trip({ now, random: random(), cause: `${streakToOpen} orders in a row, the last: ${cause}` }),
      );
    } else if (this.#window.mostlyFailing) {
      this.#tell(
        trip({ now, random: random(), cause: `half of the orders within 30 s, the last: ${cause}` }),
      );
    }
  }

  get #verdict(): FactoryVerdict {
    return this.#options.board.get(this.#options.factory);
  }

  /** Orders the whole fleet could have under way there. */
  get #full(): number {
    return this.#options.concurrency * this.#options.fleetPlace().workers;
  }

  get #share(): number {
    const { concurrency, fleetPlace } = this.#options;
    const { state, forced, places } = this.#verdict;
    // Untried settings: one order at a time finds out.
    if (state === 'out_of_service' && !forced) return 1;
    if (places === undefined) return concurrency;
    // Whoever of the fleet is refused leaves its share unused.
    const least = this.#refused.length > 0 ? 1 : 0;
    return Math.min(concurrency, Math.max(least, shareOf(places, fleetPlace())));
  }

  /** Settings that are not worth another try now. */
  get #refused(): string[] {
    const { state, changedAt, refusedSettings = [] } = this.#verdict;
    const isOver = state !== 'out_of_service' && this.#options.now() - changedAt >= refusedForMs;
    return isOver ? [] : refusedSettings;
  }

  async #askToProbe(orderId: string): Promise<boolean> {
    const { now, worker, probeLeaseMs: leaseMs } = this.#options;
    const { probe } = await this.#change(grantProbe({ now: now(), orderId, worker, leaseMs }));
    return probe?.orderId === orderId && probe.worker === worker;
  }

  #isProbe(orderId: string): boolean {
    const { probe } = this.#verdict;
    return probe?.orderId === orderId && probe.worker === this.#options.worker;
  }

  /** The call was begun before the factory was last opened or closed, and it is not the probe. */
  #isLate(orderId: string): boolean {
    const era = this.#inFlight.get(orderId);
    return era !== undefined && era !== this.#era && !this.#isProbe(orderId);
  }

  #startCountingAgain(): void {
    this.#era += 1;
    this.#streak.clear();
    this.#window.clear();
    this.#bakedHere = 0;
  }

  #change(change: VerdictChange): Promise<FactoryVerdict> {
    return this.#options.board.update(this.#options.factory, change);
  }

  /** Nobody waits for it: this process goes by it at once, and the fleet as soon as Redis has it. */
  #tell(change: VerdictChange): void {
    this.#change(change).catch(this.#options.onError);
  }
}
