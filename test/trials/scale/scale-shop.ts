import { connectPatiently, createIndexCheck, createNames, type Names } from '@proofbox/ledger';
import { createSeeder } from '@proofbox/ledger/testing';
import { ensureRedis } from '@proofbox/local';
import { deadLetters } from './dead-letters.ts';
import { keep, loadKept } from './kept-seed.ts';

export type Connection = ReturnType<typeof connectPatiently>;

/** A Redis of its own, full of dead letters. */
export type ScaleShop = AsyncDisposable & {
  redisUrl: string;
  redis: Connection;
  names: Names;
  orders: number;
  /** Of Redis, for each order. */
  bytesPerOrder: number;
};

const batch = 200;
/** So many batches are on their way at a time: the next one is made while Redis works. */
const lanes = 3;

/**
 * Starts a Redis and fills it. Nothing is written to the disk meanwhile.
 * @param options.keep a file where the dead letters are kept for later runs
 * @throws Error when the reconciler finds anything wrong with what was seeded
 */
export async function openScaleShop({
  orders,
  together,
  keep: file,
  say,
}: {
  orders: number;
  together: number;
  keep?: string | undefined;
  say: (line: string) => void;
}): Promise<ScaleShop> {
  await using opening = new AsyncDisposableStack();
  // Files as large as the memory, but written and read in half the time.
  const args = ['--appendonly', 'no', '--rdbcompression', 'no'];
  const server = opening.use(await ensureRedis({ args, say }));
  const redis = connectPatiently({ url: server.url, onError: () => {} });
  opening.defer(() => redis.disconnect());
  const names = createNames('scale');
  const empty = await usedMemory(redis);
  const startedAt = performance.now();
  const isKept = file !== undefined && (await loadKept({ server, redis, file }, { orders, together }));
  if (!isKept) {
    await seed({ redis, names, orders, together, say });
    if (file !== undefined) await keep({ server, redis, file }, { orders, together });
  }
  const bytesPerOrder = ((await usedMemory(redis)) - empty) / orders;
  const how = isKept ? 'kept by an earlier run' : 'made';
  say(
    `${secondsSince(startedAt)} s  ${orders} dead letters are there, ${how}, ${bytesPerOrder.toFixed(0)} bytes each`,
  );
  await checkSeed({ redis, names, orders });
  const opened = opening.move();
  return {
    redisUrl: server.url,
    redis,
    names,
    orders,
    bytesPerOrder,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function seed(options: {
  redis: Connection;
  names: Names;
  orders: number;
  together: number;
  say: (line: string) => void;
}): Promise<void> {
  const { redis, names, orders, together, say } = options;
  const startedAt = performance.now();
  const seedDeadLetters = createSeeder({ redis, names });
  const batches = deadLetters({ orders, together, batch });
  let done = 0;
  async function lane(): Promise<void> {
    for (const each of batches) {
      await seedDeadLetters(each);
      done += each.length;
      if (done % 100_000 < batch)
        say(`${secondsSince(startedAt)} s  ${done} of ${orders} dead letters are there`);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Looks at all places of a small shop, and at a sample of those of a large one. */
async function checkSeed({
  redis,
  names,
  orders,
}: {
  redis: Connection;
  names: Names;
  orders: number;
}): Promise<void> {
  const checkIndexes = createIndexCheck({ redis, names });
  const slices = orders <= 20_000 ? [{ offset: 0, maxSlices: Infinity }] : samples(orders);
  for (const { offset, maxSlices } of slices) {
    const found = await checkIndexes({ mend: false, from: { set: 0, offset }, maxSlices });
    if (found.misplaced.length + found.lost.length > 0) {
      throw new Error(`The seed is not what a shop would have left: ${JSON.stringify(found).slice(0, 500)}`);
    }
  }
  const counted = Number(await redis.hget(names.counters, 'accepted'));
  const known = await redis.zcard(names.byTime);
  if (counted !== orders || known !== orders) throw new Error(`${orders} were seeded, ${known} are there.`);
}

function samples(orders: number): { offset: number; maxSlices: number }[] {
  return Array.from({ length: 20 }, (_each, i) => ({ offset: Math.floor((orders / 20) * i), maxSlices: 2 }));
}

async function usedMemory(redis: Connection): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4);
}
