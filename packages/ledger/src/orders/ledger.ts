import {
  idText,
  type Attempt,
  type FactoryName,
  type FactoryRequest,
  type OrderRecord,
  type OrderSource,
  type OrderState,
  type Outcome,
  type DeadLetterReason,
} from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';
import { attemptField, attemptFields, decodeAttempt, decodeRecord } from './record-codec.ts';
import { defineOrderScripts, type OrderScript, type RunOrderScript } from './scripts/order-scripts.ts';
import { readRedisTime } from '../redis/read-redis-time.ts';
import { readStoredOrders } from './stored-orders.ts';

export type NewOrder = {
  id: string;
  /** Hash of the body: the same key with another fingerprint is a conflict. */
  fingerprint: string;
  source: OrderSource;
  dinerId: string;
  request: FactoryRequest;
  deadlineMs: number;
  /**
   * When it was promised to the diner, in ms since the epoch by the caller's clock; default: now. Its age and its deadline
   * count from then.
   */
  acceptedAt?: number;
  /** For an order without an Idempotency-Key: a repeat within `windowMs` is the same order. */
  doubleClick?: { key: string; windowMs: number };
};

/** `existing`: this submission was taken before, as order `id`. `conflict`: its key was used for another body. */
export type Accepted = { status: 'accepted' | 'existing' | 'conflict'; id: string };

/** How an order was settled. Times are ms since the epoch. */
export type Settlement =
  | { state: 'fulfilled'; at: number; receipt: string; factory: FactoryName; fulfilledAt: number }
  | { state: 'dead' | 'held'; at: number; reason: DeadLetterReason }
  | { state: 'discarded'; at: number; discardReason?: string };

/**
 * `settled`: it was there, and is settled now as it had before. `existing`: it was there, and stays as it is.
 * `conflict`: another order is there under its id.
 */
export type Restored = 'restored' | 'settled' | 'existing' | 'conflict';

/** One attempt at one order, by the worker that began it. */
export type AttemptKey = { id: string; n: number; token: string; factory: FactoryName };

/** It is worth asking again in so many ms; 0: as soon as the order has been read again. */
type Busy = { status: 'busy'; againInMs: number };

/** `busy`: another attempt at this order is under way, it is not due yet, or it was edited since it was read. */
export type Begun =
  | { status: 'begun'; attempt: AttemptKey }
  | { status: 'settled'; state: OrderState }
  | Busy
  | { status: 'missing' };

/** `busy`: its worker may end it yet. `ended`: it was ended meanwhile. */
export type Reclaimed = { status: 'reclaimed'; attempt: Attempt } | Busy | { status: 'ended' };

/**
 * `late`: a verified receipt for an order that already has one, or was discarded; it is ignored and counted.
 * `superseded`: another worker ended this attempt or settled the order meanwhile.
 */
export type Settled = {
  status: 'fulfilled' | 'late' | 'pending' | 'superseded' | 'missing';
  countedFailures: number;
  /** This attempt counts against the order: its factory baked others meanwhile. */
  isCounted: boolean;
};

export type Changed = {
  status: 'dead_lettered' | 'replayed' | 'discarded' | 'unchanged' | 'missing';
  state?: OrderState;
};

export type LedgerStats = {
  /** Orders by state as the counters have them, and all ever accepted; `lateReceipts` were ignored. */
  counters: Record<OrderState | 'accepted' | 'lateReceipts', number>;
  /** When the oldest order that is still queued or baking was accepted, in ms since the epoch. */
  oldestPendingAt: number | undefined;
};

export type Ledger = ReturnType<typeof createLedger>;

/**
 * The permanent record of every order, and the truth about it. Every change is one script:
 * it happens whole or not at all, and on a Redis that fsyncs before it answers it stays.
 * Errors of the connection pass through: the caller's connection profile decides how patient it is.
 */
export function createLedger({
  redis,
  names,
  now,
  run = defineOrderScripts({ redis, names }),
}: {
  redis: Redis;
  names: Names;
  /** For tests: in place of Redis' own clock, by which each script goes. */
  now?: () => number;
  /** Runs the scripts; for tests in which one of them fails. */
  run?: RunOrderScript;
}) {
  function change(script: OrderScript, id: string, ...args: (string | number)[]): Promise<unknown> {
    return run(script, names.order(id), [names.root, id, now?.() ?? '', ...args]);
  }

  /** As the scripts take a new order in (accept.lua). */
  function valuesOf(order: NewOrder): (string | number)[] {
    return [
      order.fingerprint,
      order.deadlineMs,
      order.source,
      order.dinerId,
      idText(order.request.order.storeId),
      JSON.stringify(order.request),
      order.acceptedAt ?? '',
      (now ?? Date.now)(),
    ];
  }

  async function find(id: string): Promise<OrderRecord | undefined> {
    return (await findMany([id]))[0];
  }

  async function findMany(ids: string[]): Promise<OrderRecord[]> {
    const stored = await readStoredOrders({ redis, names }, ids);
    return stored.map(decodeRecord);
  }

  return {
    /** Takes an order in, once: durable when this resolves. */
    async accept(order: NewOrder): Promise<Accepted> {
      const [status, id] = (await change(
        'accept',
        order.id,
        ...valuesOf(order),
        order.doubleClick ? names.doubleClick(order.doubleClick.key) : '',
        order.doubleClick?.windowMs ?? 0,
      )) as [Accepted['status'], string];
      return { status, id };
    },

    /**
     * Puts back an order that Redis has lost, queued unless its settlement is known. One that is there is never
     * overwritten. @param input.presumed what it is settled as if it was lost, where nobody knows and it must not be tried again
     */
    async restore(input: {
      order: NewOrder & { acceptedAt: number };
      settlement?: Settlement;
      presumed?: Settlement;
    }): Promise<Restored> {
      const { order, settlement, presumed } = input;
      const known = settlement ?? (presumed && { ...presumed, presumed: 1 });
      const values = Object.entries(known ?? {}).filter(([, value]) => value !== undefined);
      return (await change('restore', order.id, ...valuesOf(order), ...values.flat())) as Restored;
    },

    /**
     * Writes down which factory is about to be called, before it is. `token` makes a repeat of this very call harmless.
     * @param input.leaseMs for so long nobody else takes the order, as when the worker has a receipt and Redis refuses it;
     * 150 s at most
     */
    async beginAttempt(input: {
      id: string;
      factory: FactoryName;
      worker: string;
      token: string;
      leaseMs: number;
      /** How often the order had been edited when it was read: what it says may be another thing by now. */
      edits?: number;
    }): Promise<Begun> {
      const { id, factory, worker, token, leaseMs, edits = '' } = input;
      const [status, value, begunAt] = (await change(
        'begin-attempt',
        id,
        factory,
        worker,
        token,
        edits,
        leaseMs,
      )) as [Begun['status'], unknown, FactoryName?];
      switch (status) {
        case 'begun':
          return { status, attempt: { id, n: Number(value), token, factory: begunAt! } };
        case 'settled':
          return { status, state: value as OrderState };
        case 'busy':
          return { status, againInMs: Number(value) };
        case 'missing':
          return { status };
      }
    },

    /** Keeps an attempt under way for `leaseMs` from now, 150 s at most. @returns whether it still is under way */
    async keepAttempt({ id, n, token }: AttemptKey, leaseMs: number): Promise<boolean> {
      return (await change('keep-attempt', id, n, token, leaseMs)) === 1;
    },

    /**
     * Closes an attempt that nobody will end any more, as unknown: its lease has run out and its worker is silent.
     * @param input.worker who asks: its own attempts, which it knows not to have in hand any more, it may close at once
     */
    async reclaim(input: { id: string; n: number; worker: string }): Promise<Reclaimed> {
      const { id, n, worker } = input;
      const [status, againInMs = 0] = (await change('reclaim', id, n, worker)) as [
        Reclaimed['status'],
        number?,
      ];
      if (status === 'busy') return { status, againInMs };
      if (status === 'ended') return { status };
      return { status, attempt: await readAttempt({ redis, names }, { id, n }) };
    },

    /**
     * Writes down how this attempt ended, also when it had been given up meanwhile. The first verified receipt fulfils the
     * order, and only the first.
     */
    async settle(input: AttemptKey & { outcome: Outcome }): Promise<Settled> {
      const { id, n, token, factory, outcome } = input;
      const values = {
        outcome: outcome.kind,
        ...(outcome.status !== undefined && { status: outcome.status }),
        ...('detail' in outcome && { detail: outcome.detail }),
        ...(outcome.endChaosLink && { endChaosLink: 1 }),
      };
      const receipt = outcome.kind === 'fulfilled' ? outcome.receipt : '';
      const reply = await change('settle', id, n, token, factory, receipt, ...Object.entries(values).flat());
      const [status, countedFailures, isCounted] = reply as [Settled['status'], number, number];
      return { status, countedFailures, isCounted: isCounted === 1 };
    },

    /** Puts an order whose round of attempts brought no receipt back among the waiting, not to be tried for so long. */
    async requeue(id: string, delayMs = 0): Promise<OrderState | undefined> {
      return ((await change('requeue', id, delayMs)) as OrderState | null) ?? undefined;
    },

    /** Makes a dead letter of a pending order whose deadline has passed and that is not being baked right now. */
    async expire(id: string): Promise<Changed> {
      return toChanged(await change('expire', id));
    },

    /** Makes a pending order a dead letter, or holds it. An order with an attempt under way stays as it is. */
    async deadLetter(input: {
      id: string;
      state: 'dead' | 'held';
      reason: DeadLetterReason;
    }): Promise<Changed> {
      return toChanged(await change('dead-letter', input.id, input.state, input.reason));
    },

    /** Gives a dead or held order a fresh start, with an audit entry. The caller adds it to the queue again. */
    async replay(input: { id: string; deadlineMs: number; by: string; why: string }): Promise<Changed> {
      return toChanged(await change('replay', input.id, input.deadlineMs, input.by, input.why));
    },

    /** Gives up on an order that is not fulfilled, with an audit entry. A receipt that comes after that is a late one. */
    async discard(input: { id: string; by: string; why: string }): Promise<Changed> {
      return toChanged(await change('discard', input.id, input.by, input.why));
    },

    find,
    findMany,

    async stats(): Promise<LedgerStats> {
      const [counters, queued, baking] = await Promise.all([
        redis.hgetall(names.counters),
        redis.zrange(names.byState('queued'), '0', '0', 'WITHSCORES'),
        redis.zrange(names.byState('baking'), '0', '0', 'WITHSCORES'),
      ]);
      const ages = [queued[1], baking[1]].filter((each) => each !== undefined).map(Number);
      const count = (name: string) => Number(counters[name] ?? 0);
      return {
        counters: {
          accepted: count('accepted'),
          queued: count('queued'),
          baking: count('baking'),
          fulfilled: count('fulfilled'),
          held: count('held'),
          dead: count('dead'),
          discarded: count('discarded'),
          lateReceipts: count('lateReceipts'),
        },
        oldestPendingAt: ages.length === 0 ? undefined : Math.min(...ages),
      };
    },

    /** Ids of pending orders whose deadline has passed, at most `count`. */
    async overdueIds(count: number): Promise<string[]> {
      const at = now?.() ?? Math.floor(await readRedisTime(redis));
      return redis.zrange(names.byDeadline, '-inf', String(at), 'BYSCORE', 'LIMIT', 0, count);
    },

    /** Answers when Redis does. */
    async ping(): Promise<void> {
      await redis.ping();
    },
  };
}

/** @throws UnreadableRecordError when what is stored is no attempt */
export async function readAttempt(
  { redis, names }: { redis: Redis; names: Names },
  { id, n }: { id: string; n: number },
): Promise<Attempt> {
  const values = await redis.hmget(names.order(id), ...attemptFields.map((name) => attemptField(n, name)));
  return decodeAttempt(n, (name) => values[attemptFields.indexOf(name)] ?? undefined);
}

function toChanged(reply: unknown): Changed {
  const [status, state] = reply as [Changed['status'], OrderState | undefined];
  return { status, ...(state !== undefined && { state }) };
}
