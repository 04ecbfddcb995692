import { createNames, type Accepted, type NewOrder, type Settlement } from '@proofbox/ledger';
import type { FlushedBatch } from '../flush/flush.ts';
import { openOutbox, type Outbox, type OutboxOptions } from '../open-outbox.ts';

/** A Redis that a test tells what it has and does, so that it can fail between any two steps. */
export type FakeRedis = ReturnType<typeof createFakeRedis>;

export function createFakeRedis() {
  /** What it was asked, and what the outbox reported, in order. */
  const calls: string[] = [];
  const redis = {
    calls,
    state: 'fit',
    /** State by order id. */
    has: new Map<string, string>(),
    /** How often it was looked at what Redis is. */
    looks: 0,
    /** As it was last asked what it is. `loss`: as its script returns it. */
    dataset: { id: 'one', beat: 1, accepted: 0, loss: [] as (string | number)[] },
    accept: async ({ id }: NewOrder): Promise<Accepted> => ({ status: 'accepted', id }),
    restore: async (_id: string): Promise<string> => 'restored',
    confirm: async (): Promise<void> => {},
    addAll: async (_ids: string[]): Promise<void> => {},
    /** Orders of which it was asked whether it has lost them. */
    compared: [] as string[],
    /** With which keys and arguments it was asked what it is. */
    lookedAt: [] as unknown[][],
    /** Reports of how far the restoring is, as JSON. */
    reports: [] as string[],
    /** Empties it, or replaces it by another one. */
    lose(): void {
      redis.has.clear();
      redis.dataset = { id: 'other', beat: 0, accepted: 0, loss: [1_000, 'other_dataset', 1, 0] };
    },
    parts: (): Omit<
      OutboxOptions,
      'folder' | 'shop' | 'maxOrders' | 'keepHours' | 'areRepeatable' | 'events'
    > => parts as never,
  };
  const parts = {
    redis: {
      defineCommand() {},
      async 'proofbox:look-at-dataset'(...args: unknown[]) {
        redis.lookedAt.push(args);
        const { id, beat, accepted, loss } = redis.dataset;
        return [id, beat, accepted, loss];
      },
      hset: async (_key: string, _by: string, report: string) => void redis.reports.push(report),
    },
    names: createNames('k', 0),
    watch: {
      get condition() {
        redis.looks += 1;
        return { state: redis.state };
      },
      get answers() {
        redis.looks += 1;
        return redis.state === 'fit';
      },
      ask: (work: () => Promise<unknown>) => work(),
    },
    ledger: {
      async accept(order: NewOrder) {
        calls.push(`accept ${order.id}`);
        const accepted = await redis.accept(order);
        if (accepted.status === 'accepted') redis.has.set(order.id, 'queued');
        return accepted;
      },
      async restore({
        order,
        settlement,
        presumed,
      }: {
        order: NewOrder;
        settlement?: Settlement;
        presumed?: Settlement;
      }) {
        redis.compared.push(order.id);
        const known = redis.has.get(order.id) ?? 'lost';
        const isBehind =
          known === 'lost' || (settlement && ![settlement.state, 'fulfilled', 'discarded'].includes(known));
        const status = isBehind ? await redis.restore(order.id) : 'existing';
        if (!isBehind) return status;
        const state = (settlement ?? presumed)?.state ?? 'queued';
        calls.push(`${status} ${order.id} ${state}`);
        redis.has.set(order.id, state);
        return status;
      },
      find: async () => undefined,
    },
    queue: {
      async addAll(ids: string[]) {
        calls.push(...ids.map((id) => `add ${id}`));
        await redis.addAll(ids);
      },
    },
    replicas: {
      async confirm() {
        calls.push('confirm');
        await redis.confirm();
      },
    },
    notifier: { watch() {} },
    clock: { now: Date.now, doubt: () => undefined },
    onError: (error: Error) => void calls.push(`error ${error.message}`),
  };
  return redis;
}

/** An outbox before such a Redis. What it reports is in its `calls`, by the name of the event. */
export function openTestOutbox(
  redis: FakeRedis,
  options: Pick<OutboxOptions, 'folder'> & Partial<OutboxOptions>,
): Outbox {
  const flushed = ({ deliveries }: FlushedBatch): void =>
    void redis.calls.push(['flushed', ...deliveries.map(({ status }) => status)].join(' '));
  const events = new Proxy(
    {},
    { get: (_events, name: string) => (name === 'flushed' ? flushed : () => void redis.calls.push(name)) },
  );
  return openOutbox({
    shop: 'k',
    maxOrders: 1_000,
    keepHours: 24,
    areRepeatable: true,
    ...redis.parts(),
    events: events as OutboxOptions['events'],
    ...options,
  });
}
