import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkTask } from '@proofbox/contract/admin';
import type { AdminCaller } from './admin-caller.ts';
import type { ScaleShop } from './scale-shop.ts';

/** What a bulk task did, by Redis' own books: orders a second. */
export type BulkMeasured = {
  rate: number;
  /** Over the whole time. */
  mean: number;
  /** One for each second. */
  perSecond: number[];
  lowest: number;
  highest: number;
  /** Orders that are in the queue for it, what the task says that it moved, and what the ledger counted. */
  inQueue: number;
  saidMoved: number;
  counted: number;
};

/** It takes a moment until the task is found, and the first orders are. */
const startMs = 2_000;

/** Replays dead letters through the API for a while, `times` times. */
export async function measureBulks(
  caller: AdminCaller,
  shop: ScaleShop,
  { times, say, ...each }: { rate: number; seconds: number; times: number; say: (line: string) => void },
): Promise<BulkMeasured[]> {
  const measured: BulkMeasured[] = [];
  for (let n = 1; n <= times; n += 1) {
    say(`Bulk replay ${n} of ${times}: ${each.rate} orders a second for ${each.seconds} s.`);
    measured.push(await measureBulk(caller, shop, each));
  }
  return measured;
}

/** Counts in Redis how many orders become queued in each second. */
async function measureBulk(
  caller: AdminCaller,
  { redis, names }: ScaleShop,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<BulkMeasured> {
  const queued = async (): Promise<number> => Number(await redis.hget(names.counters, 'queued'));
  const waiting = (): Promise<number> => redis.llen(`${names.queuePrefix}:${names.queueName}:wait`);
  const [queuedBefore, waitingBefore] = [await queued(), await waiting()];
  const filter = { state: ['dead', 'held'] };
  const made = await caller.post('/api/bulk', {
    action: 'replay',
    target: { filter },
    rate,
    why: 'a measurement of the rate',
  });
  const { id } = JSON.parse(made.body) as BulkTask;
  await sleep(startMs);

  const points = [{ at: performance.now(), queued: await queued() }];
  for (let second = 1; second <= seconds; second += 1) {
    await sleep(Math.max(0, points[0]!.at + second * 1_000 - performance.now()));
    points.push({ at: performance.now(), queued: await queued() });
  }
  const perSecond = points.slice(1).map((point, i) => rateBetween(points[i]!, point));
  const mean = rateBetween(points[0]!, points.at(-1)!);
  const ended = await end();
  return {
    rate,
    mean,
    perSecond: perSecond.map(Math.round),
    lowest: Math.min(...perSecond),
    highest: Math.max(...perSecond),
    inQueue: (await waiting()) - waitingBefore,
    saidMoved: ended.moved,
    counted: (await queued()) - queuedBefore,
  };

  /** Aborts it, and waits until nothing moves any more. */
  async function end(): Promise<BulkTask> {
    await caller.post(`/api/bulk/${id}/abort`, {});
    await sleep(2_000);
    return JSON.parse((await caller.get(`/api/bulk/${id}`)).body) as BulkTask;
  }
}

type Point = { at: number; queued: number };

function rateBetween(from: Point, to: Point): number {
  return ((to.queued - from.queued) * 1_000) / (to.at - from.at);
}
