import type { FactoryRequest } from '@proofbox/contract';
import type { Delivery, FactoryClient } from '@proofbox/factory/client';
import type { ReceiptVerifier } from '@proofbox/factory/receipts';
import type { Answer, Behaviour } from './answer.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One call; `from` and `until` in ms since the start. */
export type SimCall = {
  from: number;
  until: number;
  /** The order had been sent there before. */
  isRepeat: boolean;
  /** It began while the factory had asked to be left alone. */
  isTooEarly: boolean;
};

export type SimFactory = {
  client: FactoryClient;
  verifier: ReceiptVerifier;
  calls: readonly SimCall[];
};

/** A factory in simulated time, and its keys. */
export function createSimFactory(input: {
  time: VirtualTime;
  behave: Behaviour;
  isBad: (orderId: string) => boolean;
}): SimFactory {
  const { time, behave, isBad } = input;
  const calls: SimCall[] = [];
  let patienceUntil = 0;
  const callsOf = new Map<string, number>();

  async function deliver(request: FactoryRequest, { timeoutMs }: { timeoutMs: number }): Promise<Delivery> {
    const orderId = String(request.order.id);
    const nth = (callsOf.get(orderId) ?? 0) + 1;
    callsOf.set(orderId, nth);
    const from = time.now() - time.startedAt;
    const answer = behave({ orderId, nth, isBad: isBad(orderId), at: from });
    const tookMs = Math.min(answer.afterMs, timeoutMs);
    calls.push({ from, until: from + tookMs, isRepeat: nth > 1, isTooEarly: from < patienceUntil });
    await time.sleep(tookMs);
    if (answer.kind === 'status' && answer.retryAfterSeconds !== undefined)
      patienceUntil = Math.max(patienceUntil, from + tookMs + answer.retryAfterSeconds * 1_000);
    return answer.afterMs > timeoutMs
      ? { replied: false, sent: true, code: 'UND_ERR_ABORTED' }
      : deliveryOf(answer, orderId);
  }

  return {
    client: { deliver, [Symbol.asyncDispose]: async () => {} },
    verifier: {
      verify: async (jwt) =>
        jwt === 'a lie'
          ? { status: 'invalid', why: 'signature' }
          : { status: 'valid', payload: { order: { id: jwt } } },
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
