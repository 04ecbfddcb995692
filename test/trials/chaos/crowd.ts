import { setTimeout as pause } from 'node:timers/promises';
import type { Arena } from './arena.ts';
import { buy, isAccepted, newPurchase, send, type Purchase } from './purchase.ts';
import { inLanes } from '../../support/in-lanes.ts';
import { createDice } from '../../support/seeded-random.ts';
import { createShopper, type Shopper } from '../../support/shopper.ts';

/** Diners who buy, and remember every answer they were given. */
export type Crowd = {
  /** The next diner buys something, unless there are too many already. Never rejects. */
  buy(): Promise<void>;
  /** Whoever was not served tries once more, with the same key, until they are or `signal` aborts. */
  comeBack(signal: AbortSignal): Promise<void>;
  readonly purchases: readonly Purchase[];
};

const diners = 20;
/** Beyond this the next diners turn round at the door: on a machine that is too slow, ever more would only make it slower. */
const mostAtOnce = 250;
const comeBackEveryMs = 250;
/** More than an ingest lets a diner wait; as impatient as a browser in a bad network. */
const patienceMs = 8_000;

/** @param closing once it aborts nobody waits before the next try */
export async function createCrowd(options: {
  arena: Arena;
  seed: number;
  closing: AbortSignal;
}): Promise<Crowd> {
  const { arena, seed, closing } = options;
  const waysOfDiners = await Promise.all(Array.from({ length: diners }, (_each, i) => waysOf(arena, i + 1)));
  const purchases: Purchase[] = [];
  let inside = 0;

  return {
    purchases,
    async buy() {
      if (inside >= mostAtOnce) return;
      const n = purchases.length;
      const purchase = newPurchase(`chaos-${seed}-${n}`, waysOfDiners[n % diners]!);
      purchases.push(purchase);
      // Of its own, so that what one diner does is not decided by how long another one waits.
      inside += 1;
      await buy(purchase, createDice(seed * 1_000_003 + n), closing);
      inside -= 1;
    },
    async comeBack(signal) {
      const dice = createDice(seed);
      const unserved = purchases.filter((purchase) => !isAccepted(purchase));
      await inLanes(unserved, signal, async (purchase) => {
        while (!isAccepted(purchase) && !signal.aborted) {
          await send(purchase, dice);
          if (!isAccepted(purchase)) await pause(comeBackEveryMs);
        }
      });
    },
  };
}

/** One diner's ways to the shop: the same token, by each ingest. */
async function waysOf(arena: Arena, id: number): Promise<Shopper[]> {
  const token = await arena.stack.tokenFor({ id, name: `diner ${id}`, email: 'd@jwt.com' });
  return arena.ingestUrls.map((url) => createShopper({ url, token, timeoutMs: patienceMs }));
}
