import type {
  Attempt,
  FactoryName,
  FactoryRequest,
  OrderRecord,
  Outcome,
  OutcomeKind,
} from '@proofbox/contract';
import type { Begun, Changed, Names, Settled } from '@proofbox/ledger';
import type { WorkerContext } from '@proofbox/worker/policies';
import type { SimRedis } from './sim-redis.ts';

/** `triedBefore`: when this order was last sent to this factory, in ms since the epoch. */
type SimAttempt = Attempt & { triedBefore?: number | undefined };
type SimOrder = Omit<OrderRecord, 'attempts'> & {
  attempts: SimAttempt[];
  openAttempt?: SimAttempt | undefined;
};

type NewAttempt = { id: string; factory: FactoryName; worker: string; token: string };
type Settlement = { id: string; state: 'fulfilled' | 'dead' | 'held' };

const dayMs = 86_400_000;
const failures: ReadonlySet<OutcomeKind> = new Set([
  'failed',
  'unknown',
  'not_sent',
  'rejected',
  'misconfigured',
]);
const exhausting: ReadonlySet<OutcomeKind> = new Set(['failed', 'unknown', 'receipt_mismatch']);
const refusals: ReadonlySet<OutcomeKind> = new Set(['rejected', 'misconfigured']);

/** The ledger as the worker sees it, without Redis: the rules of move.lua, begin-attempt.lua and settle.lua. */
export class SimLedger {
  readonly #orders = new Map<string, SimOrder>();
  readonly #options: {
    now: () => number;
    redis: SimRedis;
    names: Names;
    onSettled: (settlement: Settlement) => void;
  };

  constructor(options: {
    now: () => number;
    redis: SimRedis;
    names: Names;
    onSettled: (settlement: Settlement) => void;
  }) {
    this.#options = options;
  }

  accept(id: string, request: FactoryRequest): void {
    const now = this.#options.now();
    this.#orders.set(id, {
      id,
      state: 'queued',
      source: 'frontend',
      dinerId: '1',
      request,
      acceptedAt: now,
      updatedAt: now,
      deadlineAt: now + dayMs,
      countedFailures: 0,
      replays: 0,
      attempts: [],
    });
  }

  readonly port: WorkerContext['ledger'] = {
    find: async (id) => {
      const order = this.#orders.get(id);
      if (order === undefined) return undefined;
      const { openAttempt: _open, ...record } = order;
      return { ...record, attempts: order.attempts.map((each) => ({ ...each })) };
    },
    beginAttempt: async (input) => this.#begin(input),
    settle: async ({ id, outcome }) => this.#settle(this.#order(id), outcome),
    requeue: async (id) => {
      const order = this.#order(id);
      if (order.state === 'baking' && order.openAttempt === undefined) order.state = 'queued';
      return order.state;
    },
    deadLetter: async ({ id, state, reason }): Promise<Changed> => {
      const order = this.#order(id);
      if (!isPending(order) || order.openAttempt) return { status: 'unchanged', state: order.state };
      Object.assign(order, { state, reason });
      this.#options.onSettled({ id, state });
      return { status: 'dead_lettered', state };
    },
    // Attempts never outlive their workers here, and no simulation is as long as a deadline.
    reclaim: async () => ({ status: 'ended' }),
    keepAttempt: async () => true,
    expire: async (id) => ({ status: 'unchanged', state: this.#order(id).state }),
  };

  #order(id: string): SimOrder {
    return this.#orders.get(id)!;
  }

  #begin({ id, factory, worker, token }: NewAttempt): Begun {
    const order = this.#order(id);
    if (!isPending(order)) return { status: 'settled', state: order.state };
    if (order.openAttempt) return { status: 'busy', againInMs: 0 };
    order.state = 'baking';
    const n = order.attempts.length + 1;
    const triedBefore = order.attempts.findLast((each) => each.factory === factory)?.startedAt;
    order.openAttempt = { n, factory, worker, startedAt: this.#options.now(), triedBefore };
    order.attempts.push(order.openAttempt);
    return { status: 'begun', attempt: { id, n, factory, token } };
  }

  #settle(order: SimOrder, outcome: Outcome): Settled {
    const now = this.#options.now();
    const attempt = order.openAttempt!;
    order.openAttempt = undefined;
    attempt.endedAt = now;
    attempt.outcome = outcome.kind;
    if (outcome.status !== undefined) attempt.status = outcome.status;
    const isCounted = this.#countsAgainst(order, attempt, outcome.kind);
    if (isCounted) attempt.counted = true;
    if (isCounted && exhausting.has(outcome.kind)) order.countedFailures += 1;
    this.#noteFirstAttempt(attempt, outcome.kind);
    const { countedFailures } = order;
    if (outcome.kind !== 'fulfilled') return { status: 'pending', countedFailures, isCounted };
    const { redis } = this.#options;
    redis.put(this.#factoryKey(attempt), { lastFulfilledAt: now, bakedAt: now, bakedId: order.id });
    order.state = 'fulfilled';
    this.#options.onSettled({ id: order.id, state: 'fulfilled' });
    return { status: 'fulfilled', countedFailures, isCounted: false };
  }

  #countsAgainst({ id }: SimOrder, attempt: SimAttempt, outcome: OutcomeKind): boolean {
    if (!exhausting.has(outcome) && !refusals.has(outcome)) return false;
    if (attempt.triedBefore === undefined) return false;
    const { redis } = this.#options;
    const key = this.#factoryKey(attempt);
    if (Number(redis.get(key, 'failing') ?? 0) > 0.2) return false;
    return redis.get(key, 'bakedId') !== id && Number(redis.get(key, 'bakedAt') ?? 0) > attempt.triedBefore;
  }

  #noteFirstAttempt(attempt: SimAttempt, outcome: OutcomeKind): void {
    if (attempt.triedBefore !== undefined || !(failures.has(outcome) || outcome === 'fulfilled')) return;
    const { redis } = this.#options;
    const key = this.#factoryKey(attempt);
    const share = Number(redis.get(key, 'failing') ?? 0);
    const failed = failures.has(outcome) ? 1 : 0;
    redis.put(key, { failing: (share + 0.05 * (failed - share)).toFixed(4) });
  }

  #factoryKey({ factory }: SimAttempt): string {
    return this.#options.names.factory(factory);
  }
}

function isPending({ state }: SimOrder): boolean {
  return state === 'queued' || state === 'baking';
}
