import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderRecord } from '@proofbox/contract';
import { connectPatiently, createLedger, createNames, defaultKeyTag } from '@proofbox/ledger';
import { askRedis, ensureRedis, startStack, type Redis, type Stack } from '@proofbox/local';
import { eventually } from '../../support/eventually.ts';
import { createDice, type Dice } from '../../support/seeded-random.ts';
import { anOrder, createShopper, type Shopper } from '../../support/shopper.ts';
import { buildFsyncLog } from './build-fsync-log.ts';
import { cutToDurable } from './disk.ts';

export type PowerCutOptions = {
  seed: number;
  rounds: number;
  fsync: 'always' | 'everysec';
  say: (line: string) => void;
  signal: AbortSignal;
};

/** `lost`: promised before the power was cut, and not in what was left of the ledger. */
export type PowerCutResult = { accepted: number; lost: string[] };

/** What a client was promised. Only a 200 has a receipt. */
type Promised = { id: string; receipt?: string };

const clients = 50;
/** Waits for the receipt; the others take a ticket and go on. */
const oneOfSoManyWaits = 8;
/** So many promises before the power goes. */
const fewestPromised = 100;
const mostPromised = 600;

/**
 * Cuts the power of the Redis host in the middle of the load, again and again: Redis is killed, its files are cut back
 * to what its completed fsyncs cover, and what is left is searched for everything that was promised before.
 * @throws Error when a process does not start; whatever `signal` was aborted with
 */
export async function runPowerCuts(options: PowerCutOptions): Promise<PowerCutResult> {
  const { seed, rounds, fsync, say, signal } = options;
  const dice = createDice(seed);
  await using opening = new AsyncDisposableStack();
  const folder = opening.adopt(await mkdtemp(path.join(tmpdir(), 'proofbox-power-')), removeFolder);
  const logFile = path.join(folder, 'fsync.log');
  const dataDir = path.join(folder, 'redis');
  const library = await buildFsyncLog(say);
  const redis = opening.use(
    await ensureRedis({
      via: 'process',
      dataDir,
      args: ['--appendfsync', fsync],
      env: { LD_PRELOAD: library, FSYNC_LOG: logFile },
      say,
    }),
  );
  const stack = opening.use(await startShop(redis, fsync, signal));
  const shopper = createShopper({
    url: stack.urls.ingest,
    token: await stack.tokenFor({ id: 2, name: 'pizza diner', email: 'd@jwt.com' }),
  });

  const result: PowerCutResult = { accepted: 0, lost: [] };
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    const promised = await loadUntilPowerFails({ redis, shopper, dice });
    const cuts = await cutToDurable(path.join(dataDir, 'appendonlydir'), logFile);
    const lost = await missingFrom(dataDir, promised);
    result.accepted += promised.length;
    result.lost.push(...lost);
    const bytes = cuts.reduce((sum, cut) => sum + cut.from - cut.to, 0);
    say(
      `Round ${round}: ${promised.length} orders were promised, ${bytes} bytes were not synced, ${lost.length} orders lost`,
    );
    await redis.restart();
    await eventually(
      () => shopper.request('GET', '/readyz'),
      ({ status }) => status === 200,
    );
  }
  return result;
}

function startShop(redis: Redis, fsync: PowerCutOptions['fsync'], signal: AbortSignal): Promise<Stack> {
  return startStack({
    redisUrl: redis.url,
    admin: false,
    fallback: false,
    env: {
      ingest: {
        // An order that Redis is too slow for would be promised from the disk of ingest, whose power stays on. It is
        // rightly not in Redis then, and would be counted as lost.
        OUTBOX_MAX_ORDERS: '0',
        // Ingest gives no orders to a Redis that syncs once a second, so there would be nothing to lose.
        ...(fsync === 'everysec' && { DURABILITY: 'trust' }),
      },
      // Most of what Redis writes shall be promises.
      worker: { WORKER_CONCURRENCY: '4' },
    },
    signal,
  });
}

/** @returns everything that was promised before the power failed */
async function loadUntilPowerFails(options: {
  redis: Redis;
  shopper: Shopper;
  dice: Dice;
}): Promise<Promised[]> {
  const { redis, shopper, dice } = options;
  const promised: Promised[] = [];
  const power = new AbortController();

  async function client(n: number): Promise<void> {
    const prefer = n % oneOfSoManyWaits === 0 ? {} : { prefer: 'respond-async' };
    while (!power.signal.aborted) {
      const headers = { 'idempotency-key': randomUUID(), ...prefer };
      const answer = await shopper.order(anOrder(), headers).catch(() => undefined);
      // What came after the cut may come from anywhere.
      if (power.signal.aborted || answer === undefined) return;
      const { status, body } = answer;
      if (status !== 200 && status !== 202) continue;
      promised.push({ id: body.order.id, ...(status === 200 && { receipt: body.jwt }) });
    }
  }

  const buying = Array.from({ length: clients }, (_each, n) => client(n));
  // By what was promised, not by the clock, so that a slow machine has something to lose, too.
  const atLeast = (count: number): Promise<number> =>
    eventually(
      async () => promised.length,
      (length) => length >= count,
    );
  const enough = dice.between(fewestPromised, mostPromised);
  await atLeast(dice.between(0, enough));
  // A rewrite swaps the files: in some rounds the power fails while it is under way, or soon after.
  if (dice.happens(0.4)) await askRedis(redis.url, ['BGREWRITEAOF']);
  await atLeast(enough);
  await pause(dice.between(0, 40));
  power.abort();
  await redis.kill('SIGKILL');
  await redis.exited;
  await Promise.all(buying);
  return promised;
}

/** Starts another Redis on a copy of what is left, where no process of ours can mend it first. */
async function missingFrom(dataDir: string, promised: readonly Promised[]): Promise<string[]> {
  await using opening = new AsyncDisposableStack();
  const copy = opening.adopt(await mkdtemp(path.join(tmpdir(), 'proofbox-power-left-')), removeFolder);
  await cp(dataDir, copy, { recursive: true });
  const left = opening.use(await ensureRedis({ via: 'process', dataDir: copy }));
  const redis = connectPatiently({ url: left.url, onError: () => {} });
  opening.defer(() => redis.disconnect());
  const ledger = createLedger({ redis, names: createNames(defaultKeyTag) });
  const records = await Promise.all(promised.map(({ id }) => ledger.find(id)));
  return promised.filter((each, i) => !isKept(each, records[i])).map(({ id }) => id);
}

/** Who was handed a receipt must find it again: another one would be a second pizza. */
function isKept({ receipt }: Promised, record: OrderRecord | undefined): boolean {
  return record !== undefined && (receipt === undefined || record.receipt === receipt);
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
