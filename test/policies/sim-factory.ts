import type { FactoryRequest } from '@proofbox/contract';
import type { Delivery, FactoryClient } from '@proofbox/factory/client';
import type { ReceiptVerifier } from '@proofbox/factory/receipts';
import type { Answer, Behaviour } from './answer.ts';
import type { VirtualTime } from './virtual-time.ts';

/** When a call began and ended, in ms since the start. */
export type CallTimes = { from: number; until: number };

export type SimFactory = {
  client: FactoryClient;
  verifier: ReceiptVerifier;
  calls: readonly CallTimes[];
};

/** A factory in simulated time, and its keys. */
export function createSimFactory(input: {
  time: VirtualTime;
  behave: Behaviour;
  isBad: (orderId: string) => boolean;
}): SimFactory {
  const { time, behave, isBad } = input;
  const calls: CallTimes[] = [];
  const callsOf = new Map<string, number>();

  async function deliver(request: FactoryRequest, { timeoutMs }: { timeoutMs: number }): Promise<Delivery> {
    const orderId = String(request.order.id);
    const nth = (callsOf.get(orderId) ?? 0) + 1;
    callsOf.set(orderId, nth);
    const from = time.now() - time.startedAt;
    const answer = behave({ orderId, nth, isBad: isBad(orderId), at: from });
    const tookMs = Math.min(answer.afterMs, timeoutMs);
    calls.push({ from, until: from + tookMs });
    await time.sleep(tookMs);
    return answer.afterMs > timeoutMs
      ? { replied: false, sent: true, code: 'UND_ERR_ABORTED' }
      : deliveryOf(answer, orderId);
  }

  return {
    client: { deliver, [Symbol.asyncDispose]: async () => {} },
    verifier: {
      verify: async (jwt) =>
        jwt === 'a lie'
          ? { verdict: 'invalid', why: 'signature' }
          : { verdict: 'valid', payload: { order: { id: jwt } } },
    },
    calls,
  };
}

function deliveryOf(answer: Answer, orderId: string): Delivery {
  switch (answer.kind) {
    case 'baked':
      return { replied: true, status: 200, headers: {}, body: JSON.stringify({ jwt: orderId }) };
    case 'lie':
      return { replied: true, status: 200, headers: {}, body: JSON.stringify({ jwt: 'a lie' }) };
    case 'refused_connection':
      return { replied: false, sent: false, code: 'ECONNREFUSED' };
    case 'status': {
      const { status, retryAfterSeconds } = answer;
      const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return { replied: true, status, headers, body: JSON.stringify({ message: 'no pizza' }) };
    }
  }
}
