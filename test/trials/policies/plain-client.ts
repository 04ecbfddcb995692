import { createDice, type Dice } from '../../support/seeded-random.ts';
import { callsWithin } from './run-proofbox.ts';
import { arrivalsOf, isGood, type Arrival, type Row } from './row.ts';
import type { Result, Served } from './served.ts';
import { createSimFactory, type SimFactory } from './sim-factory.ts';
import { dinersWaitMs } from './sim-ingest.ts';
import { VirtualTime } from './virtual-time.ts';

/** A client without Proofbox. It knows the primary only. */
export type PlainClient = { tries: number; /** of one try, in ms */ timeoutMs: number };

/** Tries once, and waits as long as the diner does. */
export const onceClient: PlainClient = { tries: 1, timeoutMs: dinersWaitMs };
/** Retries what may help, five times at the most, with capped and jittered back-off. */
export const retryingClient: PlainClient = { tries: 6, timeoutMs: 2_000 };

const firstBackOffMs = 100;
const longestBackOffMs = 1_000;
const worthRetrying = (status: number): boolean => status === 429 || status >= 500;

/** Serves the orders of a row as such a client does: what is not baked while the diner waits is lost. */
export async function runPlainClient(row: Row, client: PlainClient, seed: number): Promise<Result> {
  const course = row.scenario.course(row, seed);
  const arrivals = arrivalsOf(row, course.lengthMs, seed);
  const bad = new Set(arrivals.filter(({ isBad }) => isBad).map(({ id }) => id));
  const time = new VirtualTime();
  const dice = createDice(seed);
  const factory = createSimFactory({ time, behave: course.behave, isBad: (id) => bad.has(id) });
  const orders: Served[] = [];
  let left = arrivals.length;
  const errors: unknown[] = [];

  async function serve(arrival: Arrival): Promise<void> {
    const isBaked = await order({ client, factory, time, dice }, arrival.id);
    const delayMs = isBaked ? time.now() - time.startedAt - arrival.at : Infinity;
    if (isGood(row, arrival)) orders.push({ delayMs, isAtOnce: delayMs <= dinersWaitMs, isDead: !isBaked });
    left -= 1;
  }
  for (const arrival of arrivals)
    time.at(time.startedAt + arrival.at, () => void serve(arrival).catch((error) => errors.push(error)));
  await time.pass({ until: Infinity, isOver: () => left === 0 || errors.length > 0 });
  if (errors.length > 0) throw errors[0];
  const { calls } = factory;
  return {
    orders,
    callsToDead: callsWithin(calls, course.dead),
    calls: calls.length,
    arrivals: arrivals.length,
  };
}

/** @returns whether it was baked while the diner waited */
async function order(
  {
    client,
    factory,
    time,
    dice,
  }: { client: PlainClient; factory: SimFactory; time: VirtualTime; dice: Dice },
  id: string,
): Promise<boolean> {
  const dinerLeavesAt = time.now() + dinersWaitMs;
  const request = { diner: { id: 1 }, order: { id, franchiseId: 1, storeId: '1', items: [] } };
  for (let tried = 1; ; tried += 1) {
    const timeoutMs = Math.min(client.timeoutMs, dinerLeavesAt - time.now());
    const delivery = await factory.client.deliver(request, {
      timeoutMs,
      signal: new AbortController().signal,
    });
    if (delivery.replied && delivery.status === 200) return !delivery.body.includes('a lie');
    if (delivery.replied && !worthRetrying(delivery.status)) return false;
    const backOffMs =
      Math.min(longestBackOffMs, firstBackOffMs * 2 ** (tried - 1)) * (0.5 + 0.5 * dice.next());
    if (tried === client.tries || time.now() + backOffMs >= dinerLeavesAt) return false;
    await time.sleep(backOffMs);
  }
}
