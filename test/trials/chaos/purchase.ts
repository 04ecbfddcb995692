import { setTimeout as pause } from 'node:timers/promises';
import { reasonOf } from '../../support/reason-of.ts';
import type { Dice } from '../../support/seeded-random.ts';
import { anOrder, type Shopper } from '../../support/shopper.ts';

/** What one POST brought. `status` 0: no answer at all. */
export type PurchaseAnswer = {
  status: number;
  orderId?: string;
  /** Only a 200 has one: what stands in `jwt` of a 202 is a ticket. */
  receipt?: string;
  /** Why it was not taken. */
  message?: string;
};

/** One thing a diner wants to buy once, however often the browser sends it: one key, one body. */
export type Purchase = {
  readonly key: string;
  readonly body: Record<string, unknown>;
  /** The diner's ways to the shop, one for each ingest. */
  readonly ways: readonly Shopper[];
  /** Every answer, in the order in which they came. */
  readonly answers: PurchaseAnswer[];
};

export function isAccepted({ answers }: Pick<Purchase, 'answers'>): boolean {
  return answers.some((answer) => answer.orderId !== undefined);
}

export function newPurchase(key: string, ways: readonly Shopper[]): Purchase {
  const items = [{ menuId: 1, description: key, price: 0.0038 }];
  return { key, body: anOrder({ items }), ways, answers: [] };
}

/** Sends it once, by any way, and remembers the answer. Never rejects. */
export async function send(purchase: Purchase, dice: Dice): Promise<PurchaseAnswer> {
  const { key, body, ways, answers } = purchase;
  const answer = await ask(dice.pick(ways), key, body);
  answers.push(answer);
  return answer;
}

async function ask(way: Shopper, key: string, order: object): Promise<PurchaseAnswer> {
  try {
    const { status, body } = await way.order(order, { 'idempotency-key': key });
    const orderId: unknown = body.order?.id;
    if ((status === 200 || status === 202) && typeof orderId === 'string') {
      return { status, orderId, ...(status === 200 && { receipt: body.jwt }) };
    }
    return { status, message: body.message ?? JSON.stringify(body) };
  } catch (error) {
    return { status: 0, message: reasonOf(error) };
  }
}

const tries = 6;

/**
 * A diner and their browser: sends it, sometimes twice at once, sends it again after an error, and sometimes once
 * more much later. Never rejects.
 * @param mending no more waiting between the tries
 */
export async function buy(purchase: Purchase, dice: Dice, mending: AbortSignal): Promise<void> {
  const wait = async (ms: number): Promise<void> => {
    await pause(ms, undefined, { signal: mending }).catch(() => {});
  };
  async function insist(): Promise<void> {
    for (let n = 1; n <= tries && !isFinal(await send(purchase, dice)); n += 1) {
      if (mending.aborted) return;
      await wait(dice.between(100, 2_500));
    }
  }
  await Promise.all([insist(), ...(dice.happens(0.15) ? [send(purchase, dice)] : [])]);
  if (!dice.happens(0.15)) return;
  await wait(dice.between(500, 12_000));
  await send(purchase, dice);
}

/** Taken, or refused for what it is. Anything else is worth another try. */
function isFinal({ status }: PurchaseAnswer): boolean {
  return status !== 0 && status < 500;
}
