import { randomUUID } from 'node:crypto';
import type { Submission, TakenOrder } from './taken-order.ts';
import { reasonOf } from './reason-of.ts';
import { anOrder, type Shopper } from './shopper.ts';

/** Orders placed by a crowd of diners, and what the shop said to them at once. */
export type Traffic = {
  /** Has the next diner place one order, with an Idempotency-Key of its own. Never rejects. */
  place(): Promise<void>;
  /** How many were placed, answered or not. */
  readonly sent: number;
  /** One for each answer that was a 200 or 202 with an id. */
  readonly taken: readonly TakenOrder[];
  /** One for each submission that was not taken or got no answer: why. */
  readonly refusals: readonly string[];
  /** When those were placed and turned down, in ms since the epoch. */
  readonly refused: readonly Submission[];
};

/** @param shoppers take turns; all of the same shop */
export function createTraffic({ shoppers }: { shoppers: readonly Shopper[] }): Traffic {
  const taken: TakenOrder[] = [];
  const refusals: string[] = [];
  const refused: Submission[] = [];
  let sent = 0;

  function refuse(placedAt: number, why: string): void {
    refusals.push(why);
    refused.push({ placedAt, answeredAt: Date.now() });
  }

  return {
    taken,
    refusals,
    refused,
    get sent() {
      return sent;
    },
    async place() {
      const shopper = shoppers[sent % shoppers.length]!;
      sent += 1;
      const placedAt = Date.now();
      try {
        const { status, body } = await shopper.order(anOrder(), { 'idempotency-key': randomUUID() });
        const id: unknown = body.order?.id;
        if ((status !== 200 && status !== 202) || typeof id !== 'string') {
          refuse(placedAt, `${status} ${body.message ?? JSON.stringify(body)}`);
          return;
        }
        // In a 202 the ticket stands where the receipt would.
        const hadTicket = status === 202;
        taken.push({
          id,
          shopper,
          placedAt,
          answeredAt: Date.now(),
          handed: body.jwt,
          hadTicket,
          receipts: new Set(hadTicket ? [] : [body.jwt]),
          reading: undefined,
        });
      } catch (error) {
        refuse(placedAt, `no answer: ${reasonOf(error)}`);
      }
    },
  };
}
