import type { FactoryName, OrderState, Outcome, DeadLetterReason } from '@proofbox/contract';
import type { AttemptKey, Settlement } from '../../orders/ledger.ts';

type ModelAttempt = {
  n: number;
  factory: FactoryName;
  worker: string;
  startedAt: number;
  endedAt?: number;
  outcome?: Outcome['kind'];
  status?: number;
  detail?: string;
  counted?: true;
  givenUpAt?: number;
  late?: true;
};

/** What nobody sees of an attempt. */
type AttemptSecrets = { token: string; triedBefore: number | undefined; edits: number; isReported: boolean };

export type ModelOrder = {
  id: string;
  fingerprint: string;
  diner: string;
  store: string;
  state: OrderState;
  reason?: DeadLetterReason;
  acceptedAt: number;
  updatedAt: number;
  deadlineAt: number;
  countedFailures: number;
  replays: number;
  replayedAt?: number;
  restoredAt?: number;
  receipt?: string;
  factory?: FactoryName;
  fulfilledAt?: number;
  discardReason?: string;
  attempts: (ModelAttempt & AttemptSecrets)[];
  /** The stores that the order was for before each edit. */
  storesBefore: string[];
  open: number;
  leaseUntil: number;
  due?: { at: number; ms: number };
  auditEntries: number;
};

export type NewModelOrder = {
  id: string;
  fingerprint: string;
  diner: string;
  store: string;
  deadlineMs: number;
  age: number;
};

const longestLeaseMs = 150_000;
const littleSkewMs = 2_000;
/** A factory that fails more is no witness against an order. */
const mostFailing = 0.2;

/** What the ledger promises of the lives of orders, without Redis. Its functions answer as the ledger's do. */
export class LedgerModel {
  now = 1_000_000_000_000;
  orders = new Map<string, ModelOrder>();
  lateReceipts = 0;
  /** The share of orders new to it that each factory fails, the latest weighing most. */
  failing = new Map<FactoryName, number>();
  /** Which order each factory baked last, and when. */
  baked = new Map<FactoryName, { at: number; id: string }>();

  accept({ id, fingerprint, diner, store, deadlineMs, age }: NewModelOrder): string {
    const known = this.orders.get(id);
    if (known) return known.fingerprint === fingerprint ? 'existing' : 'conflict';
    const acceptedAt = this.now - age;
    this.orders.set(id, {
      id,
      fingerprint,
      diner,
      store,
      state: 'queued',
      acceptedAt,
      updatedAt: acceptedAt,
      deadlineAt: acceptedAt + deadlineMs,
      countedFailures: 0,
      replays: 0,
      attempts: [],
      storesBefore: [],
      open: 0,
      leaseUntil: 0,
      auditEntries: 0,
    });
    return 'accepted';
  }

  restore(order: NewModelOrder, settlement: Settlement | undefined, isPresumed: boolean): string {
    const known = this.orders.get(order.id);
    if (!known) {
      this.accept(order);
      const restored = this.orders.get(order.id)!;
      restored.restoredAt = this.now;
      if (settlement) this.settleAs(restored, settlement);
      return 'restored';
    }
    if (known.fingerprint !== order.fingerprint) return 'conflict';
    const isSettled = known.state === 'fulfilled' || known.state === 'discarded';
    if (!settlement || isPresumed || isSettled || known.state === settlement.state) return 'existing';
    if (settlement.state !== 'fulfilled' && known.updatedAt >= settlement.at) return 'existing';
    this.settleAs(known, settlement);
    return 'settled';
  }

  begin(
    id: string,
    {
      factory,
      worker,
      token,
      leaseMs,
    }: { factory: FactoryName; worker: string; token: string; leaseMs: number },
  ) {
    const order = this.orders.get(id);
    if (!order) return { status: 'missing' };
    if (!isPending(order)) return { status: 'settled', state: order.state };
    const open = order.attempts[order.open - 1];
    if (open?.token === token) return begun(id, open);
    if (open) return { status: 'busy', againInMs: this.keptFor(order) };
    if (order.due) order.due.at = Math.min(order.due.at, this.now + order.due.ms);
    if (order.due && order.due.at > this.now + littleSkewMs)
      return { status: 'busy', againInMs: order.due.at - this.now };
    const triedBefore = order.attempts.findLast(
      (each) => each.factory === factory && each.worker !== 'unknown',
    )?.startedAt;
    const attempt = this.newAttempt(order, { factory, worker, token, triedBefore });
    if (order.state === 'queued') this.move(order, 'baking');
    order.updatedAt = this.now;
    order.open = attempt.n;
    order.leaseUntil = this.now + Math.min(leaseMs, longestLeaseMs);
    delete order.due;
    return begun(id, attempt);
  }

  keep({ id, n, token }: AttemptKey, leaseMs: number): boolean {
    const order = this.orders.get(id);
    if (!order || order.open !== n || order.attempts[n - 1]?.token !== token || n === 0) return false;
    const known = Math.min(order.leaseUntil, this.now + longestLeaseMs);
    order.leaseUntil = Math.max(known, this.now + Math.min(leaseMs, longestLeaseMs));
    return true;
  }

  reclaim({ id, n }: AttemptKey, worker: string): string {
    const order = this.orders.get(id);
    const attempt = order?.attempts[n - 1];
    if (!order || !attempt || order.open !== n) return 'ended';
    if (attempt.worker !== worker && this.keptFor(order) > 0) return 'busy';
    const detail = 'the worker stopped before the factory answered';
    this.end(order, attempt, { kind: 'unknown', detail });
    return 'reclaimed';
  }

  settle(key: AttemptKey, outcome: Outcome) {
    const order = this.orders.get(key.id);
    if (!order) return { status: 'missing', countedFailures: 0, isCounted: false };
    const before = order.attempts.length;
    const status = this.settleAttempt(order, key, outcome);
    const isNew = order.attempts.length > before;
    const isCounted = !isNew && order.attempts[key.n - 1]?.counted === true;
    return { status, countedFailures: order.countedFailures, isCounted };
  }

  requeue(id: string, delayMs: number): OrderState | undefined {
    const order = this.orders.get(id);
    if (order?.state !== 'baking' || order.open > 0) return order?.state;
    if (delayMs > 0) order.due = { at: this.now + delayMs, ms: delayMs };
    this.move(order, 'queued');
    return 'queued';
  }

  deadLetter(id: string, state: 'dead' | 'held', reason: DeadLetterReason): string {
    const order = this.orders.get(id);
    if (!order) return 'missing';
    if (!isPending(order) || order.open > 0) return 'unchanged';
    this.move(order, state, reason);
    return 'dead_lettered';
  }

  expire(id: string): string {
    const order = this.orders.get(id);
    return order && order.deadlineAt > this.now ? 'unchanged' : this.deadLetter(id, 'dead', 'expired');
  }

  /** @param store that the order is to be for from now on, where it is edited */
  replay(id: string, deadlineMs: number, store?: string): string {
    const order = this.orders.get(id);
    if (!order) return 'missing';
    if (!isDeadLetter(order)) return 'unchanged';
    Object.assign(order, { deadlineAt: this.now + deadlineMs, countedFailures: 0, replayedAt: this.now });
    order.replays += 1;
    order.auditEntries += 1;
    delete order.due;
    this.move(order, 'queued');
    if (store !== undefined && store !== order.store) this.edit(order, store);
    return 'replayed';
  }

  discard(id: string, why: string): string {
    const order = this.orders.get(id);
    if (!order) return 'missing';
    if (!isDeadLetter(order) && !isPending(order)) return 'unchanged';
    order.discardReason = why;
    order.auditEntries += 1;
    delete order.due;
    this.move(order, 'discarded');
    return 'discarded';
  }

  private settleAttempt(order: ModelOrder, key: AttemptKey, outcome: Outcome): string {
    const receipt = outcome.kind === 'fulfilled' ? outcome.receipt : undefined;
    let attempt = order.attempts[key.n - 1];
    if (attempt?.token !== key.token) {
      if (receipt === undefined) return 'superseded';
      if (order.receipt === receipt) return 'fulfilled';
      attempt = this.newAttempt(order, {
        factory: key.factory,
        worker: 'unknown',
        token: key.token,
        triedBefore: undefined,
      });
    }
    const isOurs =
      order.open === attempt.n ||
      (attempt.isReported && order.attempts.length === attempt.n && attempt.givenUpAt === undefined);
    if (receipt === undefined) {
      if (!attempt.isReported) this.end(order, attempt, outcome, true);
      return isPending(order) && isOurs ? 'pending' : 'superseded';
    }
    if (order.receipt === receipt) return 'fulfilled';
    if (order.state === 'fulfilled' || order.state === 'discarded') {
      if (attempt.late) return 'late';
      this.end(order, attempt, outcome, true);
      attempt.late = true;
      this.lateReceipts += 1;
      return 'late';
    }
    this.end(order, attempt, outcome, true);
    Object.assign(order, { receipt, factory: attempt.factory, fulfilledAt: this.now });
    this.baked.set(attempt.factory, { at: this.now, id: order.id });
    this.move(order, 'fulfilled');
    // What was baked is what the order says.
    if (attempt.edits < order.storesBefore.length) this.edit(order, order.storesBefore[attempt.edits]!);
    return 'fulfilled';
  }

  private newAttempt(
    order: ModelOrder,
    {
      factory,
      worker,
      token,
      triedBefore,
    }: { factory: FactoryName; worker: string; token: string; triedBefore: number | undefined },
  ): ModelOrder['attempts'][number] {
    const [n, startedAt] = [order.attempts.length + 1, this.now];
    const edits = worker === 'unknown' ? 0 : order.storesBefore.length;
    const attempt = { n, factory, worker, startedAt, token, triedBefore, edits, isReported: false };
    order.attempts.push(attempt);
    return attempt;
  }

  private end(
    order: ModelOrder,
    attempt: ModelOrder['attempts'][number],
    outcome: Outcome,
    isReported = false,
  ): void {
    const isFirst = attempt.endedAt === undefined;
    if (!isFirst) attempt.givenUpAt = attempt.endedAt!;
    delete attempt.detail;
    delete attempt.status;
    attempt.outcome = outcome.kind;
    attempt.endedAt = this.now;
    attempt.isReported ||= isReported;
    if (outcome.status !== undefined) attempt.status = outcome.status;
    if ('detail' in outcome) attempt.detail = outcome.detail.toWellFormed();
    if (order.open === attempt.n) order.open = 0;
    const baked = this.baked.get(attempt.factory);
    const isBakedSince =
      attempt.triedBefore !== undefined && baked && baked.id !== order.id && baked.at > attempt.triedBefore;
    if (!isFirst) return;
    const isFailing = (this.failing.get(attempt.factory) ?? 0) > mostFailing;
    const exhausts = ['failed', 'unknown', 'receipt_mismatch'].includes(outcome.kind);
    if (isBakedSince && !isFailing && (exhausts || ['rejected', 'misconfigured'].includes(outcome.kind))) {
      attempt.counted = true;
      if (exhausts) order.countedFailures += 1;
    }
    if (attempt.triedBefore === undefined) this.noteFirstAttempt(attempt.factory, outcome);
  }

  private noteFirstAttempt(factory: FactoryName, { kind }: Outcome): void {
    if (kind === 'throttled' || kind === 'receipt_mismatch') return;
    const share = this.failing.get(factory) ?? 0;
    const failed = kind === 'fulfilled' ? 0 : 1;
    this.failing.set(factory, Number((share + 0.05 * (failed - share)).toFixed(4)));
  }

  private keptFor(order: ModelOrder): number {
    order.leaseUntil = Math.min(order.leaseUntil, this.now + longestLeaseMs);
    return Math.max(0, order.leaseUntil - this.now);
  }

  private move(order: ModelOrder, to: OrderState, reason?: DeadLetterReason): void {
    order.state = to;
    order.updatedAt = this.now;
    delete order.reason;
    if (reason) order.reason = reason;
  }

  private edit(order: ModelOrder, store: string): void {
    order.storesBefore.push(order.store);
    order.store = store;
    order.auditEntries += 1;
  }

  private settleAs(order: ModelOrder, { state, at, ...known }: Settlement): void {
    Object.assign(order, known);
    this.move(order, state, 'reason' in known ? known.reason : undefined);
    order.updatedAt = Math.min(at, this.now);
  }
}

function begun(id: string, { n, token, factory }: { n: number; token: string; factory: FactoryName }) {
  return { status: 'begun', attempt: { id, n, token, factory } };
}

export function isPending({ state }: ModelOrder): boolean {
  return state === 'queued' || state === 'baking';
}

export function isDeadLetter({ state }: ModelOrder): boolean {
  return state === 'dead' || state === 'held';
}
