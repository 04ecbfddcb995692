import { expect, test } from 'vitest';
import { createAuditor, isClean } from './auditor.ts';
import { createSeeder } from './seeding.ts';
import { openTestLedger, someOrder, type TestLedger } from './test-ledger.ts';

const order = { ...someOrder({ id: 'pb-1' }), acceptedAt: 1_000_000 };
const detail = 'Pizza 5 is not on the menu';

test('a seeded dead letter is in Redis what one with the same life is', async () => {
  await using seeded = openTestLedger();
  await using lived = openTestLedger();
  await createSeeder(seeded)([
    {
      order,
      attempts: [
        { factory: 'primary', startedAt: 1_000_010, endedAt: 1_000_020, status: 500, detail: 'chaos' },
        { factory: 'fallback', startedAt: 1_000_030, endedAt: 1_000_040, status: 500, detail },
      ],
      state: 'dead',
      reason: 'exhausted',
      restedAt: 1_000_050,
    },
  ]);
  await liveLikewise(lived);
  expect(await everythingIn(seeded)).toEqual(await everythingIn(lived));
  const { redis, names, queue } = seeded;
  const auditor = createAuditor({ redis, names, queue, graceMs: 0, longestAttemptMs: 0, repeatable: [] });
  expect(isClean(await auditor.auditAll({ mend: false }))).toBe(true);
});

async function liveLikewise({ ledger, clock }: TestLedger): Promise<void> {
  const { id } = order;
  await ledger.accept(order);
  for (const [n, factory, said] of [
    [1, 'primary', 'chaos'],
    [2, 'fallback', detail],
  ] as const) {
    clock.now += 10;
    await ledger.beginAttempt({ id, factory, worker: 'seed', token: `${id}-${n - 1}` });
    clock.now += 10;
    await ledger.settle({ id, n, outcome: { kind: 'failed', status: 500, detail: said } });
  }
  clock.now += 10;
  await ledger.park({ id, state: 'dead', reason: 'exhausted' });
}

/** Every key of a ledger without its tag, with what is stored there. */
async function everythingIn({ redis, names }: TestLedger): Promise<Record<string, string | null>> {
  const keys = (await redis.keys(`${names.root}:*`)).toSorted();
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
