import { setTimeout as delay } from 'node:timers/promises';
import { openLane } from './http-lane.ts';
import type { Contender, Post } from './contender.ts';

/** Connections of an open loop. Orders for which there is none wait here, and their time runs. */
const mostAtOnce = 512;

let placed = 0;

/** What a diner posts; each one another, so that none is a double click. Proofbox's own ids have no part in it. */
function orderBody(): string {
  placed += 1;
  return JSON.stringify({
    franchiseId: 1,
    storeId: '1',
    items: [{ menuId: 1, description: `Veggie ${placed}`, price: 0.0038 }],
  });
}

/** What a client saw: how long each order took, in ms, ascending; and over which time. */
export type Placed = { latenciesMs: number[]; elapsedMs: number };

/** A closed loop: so many connections, each of which places the next order as soon as the last one is answered. */
export async function placeClosed(
  contender: Contender,
  { lanes, orders, signal }: { lanes: number; orders: number; signal: AbortSignal },
): Promise<Placed> {
  using connections = await openLanes(contender, contender.accept, lanes);
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  let left = orders;
  await Promise.all(
    connections.lanes.map(async (lane) => {
      while (left > 0) {
        signal.throwIfAborted();
        left -= 1;
        const sentAt = performance.now();
        checkTaken(await lane.post(orderBody()));
        latenciesMs.push(performance.now() - sentAt);
      }
    }),
  );
  return { latenciesMs: ascending(latenciesMs), elapsedMs: performance.now() - startedAt };
}

/**
 * An open loop: an order is due each `1 / perSecond`, whether or not the ones before are answered, and its time counts from
 * when it was due. So a server that stalls is not spared the orders that would have come meanwhile.
 */
export async function placeOpen(
  contender: Contender,
  { perSecond, orders, signal }: { perSecond: number; orders: number; signal: AbortSignal },
): Promise<Placed> {
  using connections = await openLanes(contender, contender.wait, mostAtOnce);
  const due: number[] = [];
  const latenciesMs: number[] = [];
  const idle: ((dueAt: number | undefined) => void)[] = [];
  let areAllDue = false;
  const startedAt = performance.now();

  /** When the next order was due that no lane has; undefined: there are no more. */
  function next(): Promise<number | undefined> | number | undefined {
    const dueAt = due.shift();
    return dueAt !== undefined || areAllDue ? dueAt : new Promise((resolve) => idle.push(resolve));
  }

  const allPlaced = Promise.all(
    connections.lanes.map(async (lane) => {
      for (let dueAt = await next(); dueAt !== undefined; dueAt = await next()) {
        signal.throwIfAborted();
        const status = await lane.post(orderBody());
        checkTaken(status);
        // A ticket is no receipt: it came later than anybody waited.
        latenciesMs.push(status === 200 ? performance.now() - dueAt : Infinity);
      }
    }),
  );
  // It is thrown where it is waited for.
  allPlaced.catch(() => {});
  for (let n = 0; n < orders; n += 1) {
    const dueAt = startedAt + (n * 1_000) / perSecond;
    const dueInMs = dueAt - performance.now();
    if (dueInMs > 0) await Promise.race([allPlaced, delay(dueInMs)]);
    const lane = idle.shift();
    if (lane) lane(dueAt);
    else due.push(dueAt);
  }
  areAllDue = true;
  for (const lane of idle) lane(undefined);
  await allPlaced;
  return { latenciesMs: ascending(latenciesMs), elapsedMs: performance.now() - startedAt };
}

async function openLanes({ url, headers }: Contender, post: Post, count: number) {
  const to = { url, path: post.path, headers: { ...headers, ...post.headers } };
  const lanes = await Promise.all(Array.from({ length: count }, () => openLane(to)));
  return {
    lanes,
    [Symbol.dispose]: () => {
      for (const lane of lanes) lane[Symbol.dispose]();
    },
  };
}

function checkTaken(status: number): void {
  if (status !== 200 && status !== 202) throw new Error(`An order was answered with ${status}.`);
}

function ascending(values: number[]): number[] {
  return values.toSorted((a, b) => a - b);
}
