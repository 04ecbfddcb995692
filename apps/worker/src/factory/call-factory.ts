import type { FactoryRequest, Outcome } from '@proofbox/contract';
import type { BreakerOrder } from '@proofbox/factory/breaker';
import { classify, receiptIn, type DeliveryOptions } from '@proofbox/factory/client';
import { receiptDifferences } from '@proofbox/factory/receipts';
import type { Factory } from './factory.ts';
import { redactQuoted } from './redact-quoted.ts';

/**
 * What came of a call. `checkAgain` is there while the factory's keys cannot be had: there is a receipt, and nobody knows
 * yet whether it is good.
 */
export type Called = { outcome: Outcome; checkAgain?: () => Promise<Called> };

/** Sends one order to one factory, and names what came of it. */
export async function callFactory(
  factory: Pick<Factory, 'client' | 'verifier' | 'apiKey' | 'repeatable' | 'receiptMatch'>,
  request: FactoryRequest,
  { now, ...options }: DeliveryOptions & { now: () => number },
): Promise<Called> {
  const { client, verifier, apiKey, repeatable, receiptMatch } = factory;
  const delivery = await client.deliver(request, options);
  const repliedAt = now();
  const receipt = receiptIn(delivery);

  async function judge(): Promise<Called> {
    const check = receipt === undefined ? undefined : await verifier.verify(receipt);
    const outcome = classify({
      delivery,
      check,
      differences: check?.status === 'valid' ? receiptDifferences(check.payload, request, receiptMatch) : [],
      repeatable,
      now: repliedAt,
      redact: (text) => redactQuoted(text, { apiKey, diner: request.diner }),
    });
    return { outcome, ...(check?.status === 'unavailable' && { checkAgain: judge }) };
  }
  return judge();
}

/** Lets the breaker and the rate limiter of a factory know how an order fared there. @param sentAt ms since the epoch */
export function learnFrom(
  outcome: Outcome,
  { breaker, rate }: Pick<Factory, 'breaker' | 'rate'>,
  { order, sentAt }: { order: BreakerOrder; sentAt: number },
): void {
  if (outcome.kind === 'fulfilled') rate.baked(sentAt);
  breaker.record(order, outcome.kind, {
    ...(outcome.kind === 'throttled' && { retryAfterMs: outcome.retryAfterMs }),
    ...('detail' in outcome && { cause: outcome.detail }),
  });
}
