import type { FactoryRequest, Outcome } from '@proofbox/contract';
import { classify, receiptIn, type DeliveryOptions } from '@proofbox/factory/client';
import { receiptDifferences } from '@proofbox/factory/receipts';
import type { Factory } from './factory.ts';
import { redactQuoted } from './redact-quoted.ts';

/** Sends one order to one factory, and names what came of it. */
export async function callFactory(
  factory: Pick<Factory, 'client' | 'verifier' | 'apiKey' | 'repeatable' | 'receiptMatch'>,
  request: FactoryRequest,
  { now, ...options }: DeliveryOptions & { now: () => number },
): Promise<Outcome> {
  const { client, verifier, apiKey, repeatable, receiptMatch } = factory;
  const delivery = await client.deliver(request, options);
  const receipt = receiptIn(delivery);
  const check = receipt === undefined ? undefined : await verifier.verify(receipt);
  return classify({
    delivery,
    check,
    differences: check?.verdict === 'valid' ? receiptDifferences(check.payload, request, receiptMatch) : [],
    repeatable,
    now: now(),
    redact: (text) => redactQuoted(text, { apiKey, diner: request.diner }),
  });
}

/** Lets the breaker and the pace of a factory know how an order fared there. @param sentAt ms since the epoch */
export function learnFrom(
  outcome: Outcome,
  { breaker, pace }: Pick<Factory, 'breaker' | 'pace'>,
  { orderId, sentAt }: { orderId: string; sentAt: number },
): void {
  if (outcome.kind === 'fulfilled') pace.baked(sentAt);
  breaker.record(orderId, outcome.kind, {
    ...(outcome.kind === 'throttled' && { retryAfterMs: outcome.retryAfterMs }),
    ...('detail' in outcome && { cause: outcome.detail }),
  });
}
