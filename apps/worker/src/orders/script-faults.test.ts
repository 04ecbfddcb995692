import { randomUUID } from 'node:crypto';
import { connectPatiently, createLedger, createNames } from '@proofbox/ledger';
import { RetryBudget } from '@proofbox/factory/rate';
import { createLogger, createMetrics } from '@proofbox/runtime';
import { expect, inject, onTestFinished, test } from 'vitest';
import { bakeOrder } from './bake-order.ts';
import { createEvents } from '../telemetry/events.ts';
import type { Factory } from '../factory/factory.ts';
import { createOutcomeKeeper } from './outcome-keeper.ts';
import type { WorkerContext } from './worker-context.ts';

type Reply = 'bakes' | 'fails' | 'hangs';
type Script = (...args: unknown[]) => Promise<unknown>;

/** Has the script that is called as the nth fail once, before it runs or after: then what it did stays, and its reply is lost. */
function failScript(redis: object, nth: number, when: 'before' | 'after'): { hasFailed: () => boolean } {
  const scripts = redis as Record<string, Script>;
  let called = -1;
  for (const name of Object.keys(scripts).filter((each) => each.startsWith('proofbox:'))) {
    const run = scripts[name]!.bind(redis);
    scripts[name] = async (...args) => {
      called += 1;
      if (called !== nth) return run(...args);
      if (when === 'after') await run(...args);
      throw new Error(`the script ${name} failed ${when} it ran`);
    };
  }
  return { hasFailed: () => called >= nth };
}

function aFactory(name: 'primary' | 'fallback', reply: Reply, repeatable: boolean) {
  let permits = 0;
  const answers = {
    bakes: (id: string) => ({ replied: true, status: 200, headers: {}, body: JSON.stringify({ jwt: id }) }),
    fails: () => ({ replied: true, status: 500, headers: {}, body: '{"message":"z\\udc00"}' }),
    hangs: () => ({ replied: false, sent: true, code: 'ETIMEDOUT' }),
  };
  const factory = {
    name,
    apiKey: `the-key-of-${name}`,
    repeatable,
    client: { deliver: async ({ order }: { order: { id: string } }) => answers[reply](order.id) },
    verifier: { verify: async (jwt: string) => ({ status: 'valid', payload: { order: { id: jwt } } }) },
    receiptMatch: 'id',
    rate: { hasRoom: () => true, acquire: async () => {}, baked: () => {} },
    retryBudget: new RetryBudget(),
    breaker: {
      async admit() {
        permits += 1;
        return 'normal';
      },
      leave: () => void (permits -= 1),
      isTakingOrders: true,
      isMixed: false,
      availableAt: 0,
      allowedAt: () => 0,
      record: () => {},
    },
  } as unknown as Factory;
  return { factory, permitsTaken: () => permits };
}

async function liveThrough(
  replies: { primary: Reply; fallback: Reply; repeatable: boolean },
  fault: { nth: number; when: 'before' | 'after' },
) {
  const redis = connectPatiently({ url: inject('redisUrl'), onError: () => {} });
  onTestFinished(() => redis.disconnect());
  const names = createNames(`test-${randomUUID()}`);
  const ledger = createLedger({ redis, names });
  const id = `pb-${randomUUID()}`;
  const items = [{ menuId: 1, description: 'Veggie', price: 0.05 }];
  const request = { diner: { id: 2 }, order: { id, franchiseId: 1, storeId: '1', items } };
  await ledger.accept({ id, fingerprint: id, source: 'frontend', dinerId: '2', request, deadlineMs: 60_000 });
  const factories = (['primary', 'fallback'] as const).map((name) =>
    aFactory(name, replies[name], replies.repeatable),
  );
  const attemptsInHand = new Set<string>();
  const keeper = createOutcomeKeeper({
    ledger,
    attemptsInHand,
    keepOnDisk: () => {},
    onGivenUp: () => {},
    onError: () => {},
    sleep: async () => {},
  });
  const context: WorkerContext = {
    ledger,
    factories: factories.map(({ factory }) => factory),
    events: createEvents(createLogger({ service: 'worker', level: 'silent' }), createMetrics()),
    worker: 'w',
    timeoutMs: 1_000,
    probeTimeoutMs: 1_000,
    wantWitness: () => {},
    keeper,
    attemptsInHand,
    onError: () => {},
    now: Date.now,
    mayExpire: () => true,
    random: () => 0,
  };
  const { hasFailed } = failScript(redis, fault.nth, fault.when);
  // As the consumer does it: a job whose handler broke is looked at again.
  for (let looks = 0; looks < 5; looks += 1) {
    const status = await bakeOrder(context, id, new AbortController().signal).catch(() => undefined);
    if (status?.next === 'done') break;
    await expect.poll(() => attemptsInHand.size, { interval: 2 }).toBe(0);
  }
  const order = (await ledger.find(id))!;
  return {
    hasFailed: hasFailed(),
    state: order.state,
    open: order.attempts.filter(({ endedAt }) => endedAt === undefined).length,
    inHand: attemptsInHand.size,
    permitsTaken: factories.map((each) => each.permitsTaken()),
  };
}

test.each<[string, { primary: Reply; fallback: Reply; repeatable: boolean }, string[]]>([
  ['is baked at once', { primary: 'bakes', fallback: 'bakes', repeatable: true }, ['fulfilled']],
  ['is baked by the fallback', { primary: 'fails', fallback: 'bakes', repeatable: true }, ['fulfilled']],
  [
    'times out, and is baked by the fallback',
    { primary: 'hangs', fallback: 'bakes', repeatable: true },
    ['fulfilled'],
  ],
  // Where the receipt could not be written down, nobody may ask a second time.
  [
    'must not be asked for twice',
    { primary: 'bakes', fallback: 'bakes', repeatable: false },
    ['fulfilled', 'held'],
  ],
  [
    'may have been baked, and must not be asked for twice',
    { primary: 'hangs', fallback: 'bakes', repeatable: false },
    ['held'],
  ],
])(
  'an order that %s comes to an end, whichever script fails once, before it runs or after',
  async (_name, replies, ends) => {
    let tried = 0;
    for (const when of ['before', 'after'] as const) {
      for (let nth = 0; ; nth += 1) {
        const { hasFailed, state, ...left } = await liveThrough(replies, { nth, when });
        expect([nth, when, ends.includes(state) ? ends : state, left]).toEqual([
          nth,
          when,
          ends,
          { open: 0, inHand: 0, permitsTaken: [0, 0] },
        ]);
        if (!hasFailed) break;
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThanOrEqual(6);
  },
);
