import type { FactoryName } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { createReconciler, isClean } from '../reconcile/reconciler.ts';
import { createSeeder, type DeadLetterSeed } from './seeding.ts';
import { openTestLedger, someOrder, type TestLedger } from './test-ledger.ts';

const order = { ...someOrder({ id: 'pb-1' }), acceptedAt: 1_000_000 };

function failed(factory: FactoryName, startedAt: number, detail: string): DeadLetterSeed['attempts'][number] {
  return { factory, startedAt, endedAt: startedAt + 7, status: 500, detail };
}

const lives: [name: string, DeadLetterSeed][] = [
  [
    'was tried at both factories, and again',
    {
      order,
      attempts: [
        failed('primary', 1_000_010, 'chaos'),
        failed('fallback', 1_000_030, 'order pb-s2f0xpgzbxngmg2w6ywm56ab is unknown'),
        failed('primary', 1_000_050, 'Pizza 5 is not on the "menu" of kitchens/5, Größe'),
      ],
      state: 'dead',
      reason: 'exhausted',
      settledAt: 1_000_060,
    },
  ],
  [
    'is held',
    {
      order: {
        ...someOrder({ id: 'pb-1', dinerId: 'a:b', source: 'service' }),
        acceptedAt: 1_000_000,
        request: { diner: { id: 3 }, order: { ...order.request.order, storeId: 7, note: 'no onions' } },
      },
      attempts: [failed('primary', 1_000_010, '')],
      state: 'held',
      reason: 'unknown_outcome',
      settledAt: 1_000_060,
    },
  ],
];

test.each(lives)(
  'a seeded dead letter that %s is in Redis what one with the same life is',
  async (_name, life) => {
    await using seeded = openTestLedger();
    await using lived = openTestLedger();
    await createSeeder(seeded)([life]);
    await live(lived, life);
    expect(await everythingIn(seeded)).toEqual(await everythingIn(lived));
    const { redis, names, queue } = seeded;
    const reconciler = createReconciler({ redis, names, queue, graceMs: 0, repeatable: [] });
    expect(isClean(await reconciler.reconcileAll({ mend: false }))).toBe(true);
  },
);

test('what is there is not seeded over', async () => {
  await using seeded = openTestLedger();
  const [[, life]] = lives as [(typeof lives)[number]];
  await createSeeder(seeded)([life]);
  await expect(createSeeder(seeded)([life])).rejects.toThrow('there is an order pb-1');
});

async function live(box: TestLedger, life: DeadLetterSeed): Promise<void> {
  const { ledger, clock } = box;
  const { id } = life.order;
  await ledger.accept(life.order);
  for (const [i, { factory, startedAt, endedAt, status, detail }] of life.attempts.entries()) {
    clock.now = startedAt;
    const attempt = await box.begin(id, { factory, worker: 'seed', token: `${id}-${i + 1}` });
    clock.now = endedAt;
    await ledger.settle({ ...attempt, outcome: { kind: 'failed', status, detail } });
  }
  clock.now = life.settledAt;
  await ledger.deadLetter({ id, state: life.state, reason: life.reason });
}

/** Every key of a ledger without its tag, with what is stored there; what is known of the factories is none of an order's. */
async function everythingIn({ redis, names }: TestLedger): Promise<Record<string, string | null>> {
  const keys = (await redis.keys(`${names.root}:*`))
    .filter((key) => !key.startsWith(names.factory('')))
    .toSorted();
  const contents = await Promise.all(keys.map((key) => contentOf(redis, key)));
  return Object.fromEntries(keys.map((key, i) => [key.slice(names.root.length), contents[i]!]));
}

async function contentOf(redis: TestLedger['redis'], key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'hash':
      return sortedJson(await redis.hgetall(key));
    case 'zset':
      return JSON.stringify(await redis.zrange(key, '0', '-1', 'WITHSCORES'));
    case 'list':
      return JSON.stringify(
        (await redis.lrange(key, 0, -1)).map((json) => sortedJson(JSON.parse(json) as object)),
      );
    default:
      return (await redis.dump(key)) ?? '';
  }
}

function sortedJson(fields: object): string {
  return JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
