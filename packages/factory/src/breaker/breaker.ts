import type { FactoryCondition, FactoryName, OutcomeKind } from '@proofbox/contract';
import {
  grantProbe,
  narrow,
  orderBaked,
  orderFailed,
  probeAllowedAt,
  probeBaked,
  probeFailed,
  returnProbe,
  settingsChanged,
  throttle,
  widen,
  type BreakerChange,
  type Candidate,
} from './breaker-changes.ts';
import { asItCanMean, conditionOf, isHalfOpen, type BreakerState } from './breaker-state.ts';
import type { BreakerStore } from './breaker-store.ts';
import { FailShare } from './fail-share.ts';
import { shareOf, type FleetPosition } from './fleet-position.ts';

/** What a factory may be sent: any order, one order as a probe, or none. */
export type Admission = 'normal' | 'probe' | 'none';

/**
 * An order that was sent. `failures`: how often it failed at this factory before; `isBlamed`: one of them counted against
 * the order, because the factory had baked others meanwhile.
 */
export type BreakerOrder = { id: string; failures: number; isBlamed?: boolean };

export type BreakerOptions = {
  factory: FactoryName;
  store: BreakerStore;
  /** This process, as the fleet knows it. */
  worker: string;
  fleetPosition: () => FleetPosition;
  /** Orders this worker can have in hand. */
  concurrency: number;
  /** A probe without a result for so long is given up. */
  probeLeaseMs: number;
  /** A hash of the settings this worker calls the factory with. */
  settings: string;
  /** A worker got the reply that the factory is sent too much. */
  onThrottled: () => void;
  now: () => number;
  /** in [0, 1) */
  random: () => number;
  onError: (error: Error) => void;
};

/** A factory that refuses us, but is forced closed, is asked again after so long. */
const insistEveryMs = 5_000;

/**
 * Decides whether this worker may call a factory. It goes by fresh evidence: distinct orders that never failed there
 * before, so that no order opens it by itself, however often it is tried. What follows from them is the fleet's state,
 * so that one worker's finding spares the others.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #failShare = new FailShare();
  /** By order id: the era its call was begun in. */
  readonly #inFlight = new Map<string, number>();
  /** Goes up with each opening and closing: the result of a call that was begun before is out of date. */
  #era = 0;
  /** Orders baked since this worker's share of a careful start was last used up. */
  #bakedHere = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
    const { store, factory } = options;
    let stored = store.get(factory);
    let { throttledUntil } = this.#state;
    store.watch(() => {
      const before = stored;
      stored = store.get(factory);
      // What a clock ahead has written is set back by the next change: that is no opening, and no closing.
      if (stored.state !== before.state || stored.changedAt > before.changedAt) this.#startCountingAgain();
      const known = this.#state;
      // A complaint of long ago, read by a worker that has just started, is no complaint about what it sends.
      const isComplaint = known.throttledUntil > Math.max(throttledUntil, options.now());
      ({ throttledUntil } = known);
      if (isComplaint) options.onThrottled();
    });
  }

  get condition(): FactoryCondition {
    return conditionOf(this.#state, this.#options.now());
  }

  /**
   * When an order may be sent next, in ms since the epoch: 0 for now, Infinity for "time alone does not change that".
   * Own orders under way are not looked at: see `permits`.
   */
  get availableAt(): number {
    const now = this.#options.now();
    const { state, forced, openUntil, throttledUntil, probe } = this.#state;
    const throttleEnd = throttledUntil > now ? throttledUntil : 0;
    if (forced?.to === 'open') return Infinity;
    if (forced?.to === 'closed' || state === 'closed') return this.#share > 0 ? throttleEnd : Infinity;
    if (now < openUntil) return Math.max(openUntil, throttledUntil);
    return Math.max(throttleEnd, probe && probe.until > now ? probe.until : 0);
  }

  /** How many orders this worker may have under way there now. */
  get permits(): number {
    if (this.availableAt > 0) return 0;
    return this.#isHalfOpen ? 1 : this.#share;
  }

  /** It takes any order, and not just one to see whether it is back. */
  get isTakingOrders(): boolean {
    return this.permits > 0 && !this.#isHalfOpen;
  }

  /** When such an order may be sent, as far as time alone decides it; see `availableAt`. */
  allowedAt(candidate: Candidate): number {
    if (!this.#isHalfOpen) return this.availableAt;
    const at = probeAllowedAt(this.#state, candidate);
    return Math.max(this.availableAt, at > this.#options.now() ? at : 0);
  }

  /** A failure may be chance there: it fails a share of what it is sent, and bakes the rest. */
  get isMixed(): boolean {
    return this.#state.state === 'closed' && this.#failShare.isMixed;
  }

  /** Asks to send this order; `normal` and `probe` take a permit until `leave`. */
  async admit(order: BreakerOrder & Candidate): Promise<Admission> {
    if (this.#inFlight.size >= this.permits || this.allowedAt(order) > 0) return 'none';
    this.#inFlight.set(order.id, this.#era);
    if (!this.#isHalfOpen) return 'normal';
    const isProbe = await this.#askToProbe(order).catch((error: Error) => {
      this.#inFlight.delete(order.id);
      throw error;
    });
    if (isProbe) return 'probe';
    this.#inFlight.delete(order.id);
    return 'none';
  }

  /** To be called once the state was read: a factory that refused others' settings is tried at once with ours. */
  introduceSettings(): void {
    this.#update(settingsChanged({ now: this.#options.now(), settings: this.#options.settings }));
  }

  /** The order is not under way there any more. A probe that nothing was learnt from gives its permit back. */
  leave(orderId: string): void {
    this.#inFlight.delete(orderId);
    if (this.#isProbe(orderId)) this.#update(returnProbe({ orderId }));
  }

  /** Learns from an attempt. `retryAfterMs` goes with `throttled`, `cause` is for operators. */
  record(order: BreakerOrder, outcome: OutcomeKind, { retryAfterMs = 0, cause = '' } = {}): void {
    const now = this.#options.now();
    if (outcome === 'throttled') return this.#update(throttle({ now, retryAfterMs, full: this.#full }));
    if (this.#isLate(order.id)) return;
    switch (outcome) {
      case 'fulfilled':
        return this.#baked(order, now);
      case 'unknown':
        // One that hangs among others that are baked is no sign that it is sent too much.
        if (order.failures === 0 && this.#state.row.fresh.length > 0)
          this.#update(narrow({ now, full: this.#full }));
        return this.#failed(order, now, { cause });
      case 'not_sent':
      case 'failed':
      case 'rejected':
        return this.#failed(order, now, { cause });
      case 'misconfigured':
        this.#failed(order, now, { cause, refused: this.#options.settings });
        // An operator insists: then not more often than this, for its orders come back at once.
        if (this.condition === 'forced_closed')
          this.#update(throttle({ now, retryAfterMs: insistEveryMs, full: this.#full }));
        return undefined;
      case 'receipt_mismatch':
        // The factory bakes, and changes what it is sent: a matter for a person, and no outage.
        return undefined;
    }
  }

  #baked({ id, failures }: BreakerOrder, now: number): void {
    if (this.#isProbe(id)) return this.#update(probeBaked({ now, orderId: id }));
    this.#failShare.baked(now, failures === 0);
    this.#update(orderBaked({ now }));
    const { permits } = this.#state;
    const share = this.#share;
    if (permits === undefined || share === 0) return;
    this.#bakedHere += 1;
    if (this.#bakedHere < share) return;
    this.#bakedHere = 0;
    this.#update(widen({ from: permits, full: this.#full }));
  }

  #failed(
    { id, failures, isBlamed }: BreakerOrder,
    now: number,
    why: { cause: string; refused?: string },
  ): void {
    const failed = { orderId: id, isSuspect: failures > 0, ...why };
    const chance = { now, random: this.#options.random() };
    if (!this.isMixed) this.#bakedHere = 0;
    if (this.#isProbe(id)) return this.#update(probeFailed({ ...chance, ...failed }));
    // That it fails again says nothing new.
    if (isBlamed) return undefined;
    if (failures === 0) this.#failShare.failed(now);
    return this.#update(orderFailed({ ...chance, ...failed, needed: this.#failShare.rowNeeded }));
  }

  get #state(): BreakerState {
    const { store, factory, now } = this.#options;
    return asItCanMean(store.get(factory), now());
  }

  get #isHalfOpen(): boolean {
    return isHalfOpen(this.#state, this.#options.now());
  }

  /** Orders the whole fleet could have under way there. */
  get #full(): number {
    return this.#options.concurrency * this.#options.fleetPosition().workers;
  }

  get #share(): number {
    const { concurrency, fleetPosition } = this.#options;
    const { permits } = this.#state;
    return permits === undefined ? concurrency : Math.min(concurrency, shareOf(permits, fleetPosition()));
  }

  async #askToProbe({ id: orderId, ...candidate }: BreakerOrder & Candidate): Promise<boolean> {
    const { now, worker, probeLeaseMs: leaseMs } = this.#options;
    const change = grantProbe({ now: now(), orderId, worker, leaseMs, ...candidate });
    const { probe } = await this.#change(change);
    return probe?.orderId === orderId && probe.worker === worker;
  }

  #isProbe(orderId: string): boolean {
    const { probe } = this.#state;
    return probe?.orderId === orderId && probe.worker === this.#options.worker;
  }

  /** The call was begun before the breaker was last opened or closed, and it is not the probe. */
  #isLate(orderId: string): boolean {
    const era = this.#inFlight.get(orderId);
    return era !== undefined && era !== this.#era && !this.#isProbe(orderId);
  }

  #startCountingAgain(): void {
    this.#era += 1;
    this.#failShare.forgetRow();
    this.#bakedHere = 0;
  }

  #change(change: BreakerChange): Promise<BreakerState> {
    const { store, factory, now } = this.#options;
    return store.update(factory, (state) => change(asItCanMean(state, now())));
  }

  /** Nobody waits for it: this process goes by it at once, and the fleet as soon as Redis has it. */
  #update(change: BreakerChange): void {
    this.#change(change).catch(this.#options.onError);
  }
}
