import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Shopper } from '../../support/shopper.ts';

const firstPauseMs = 200;
/** Twice as long each time: hundreds who knock five times a second would keep ingest from getting up. */
const longestPauseMs = 3_200;
/** An ingest that dies after it has stored an order and before it answers is too rare to rely on. */
const oneOfSoManyIsLost = 10;

/** How often orders were sent again, and why. */
export type Repeats = { unanswered: number; answerLost: number };

/**
 * A browser that sends an order again, with the same Idempotency-Key, as long as it gets no answer at all; an answer of
 * any status is an answer. One answer in ten is lost on its way: then the order is sent again, too, and what was
 * answered first is what counts, unless the shop refuses the repeat.
 * @param options.forMs after that it gives up
 * @param options.repeats is counted up
 */
export function insistentShopper(
  shopper: Shopper,
  { forMs, repeats }: { forMs: number; repeats: Repeats },
): Shopper {
  let orders = 0;

  async function insist(ask: () => Promise<Answer>): Promise<Answer> {
    const giveUpAt = performance.now() + forMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        return await ask();
      } catch (error) {
        if (performance.now() > giveUpAt) throw error;
        repeats.unanswered += 1;
        await pause(pauseMs);
      }
    }
  }

  return {
    ...shopper,
    async order(body, headers) {
      const losesAnswer = orders % oneOfSoManyIsLost === 0;
      orders += 1;
      const first = await insist(() => shopper.order(body, headers));
      if (!losesAnswer) return first;
      repeats.answerLost += 1;
      await pause(firstPauseMs);
      const second = await insist(() => shopper.order(body, headers));
      return second.status === 200 || second.status === 202 ? first : second;
    },
  };
}
