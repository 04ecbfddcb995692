import type { FactoryRequest, Outcome } from '@proofbox/contract';
import { classify, receiptIn } from './classify.ts';
import type { DeliveryOptions } from './factory-client.ts';
import type { Factory } from './factory.ts';

/** Sends one order to one factory, and names what came of it. */
export async function callFactory(
  { client, verifier, apiKey }: Pick<Factory, 'client' | 'verifier' | 'apiKey'>,
  request: FactoryRequest,
  { now, ...options }: DeliveryOptions & { now: () => number },
): Promise<Outcome> {
  const delivery = await client.deliver(request, options);
  const receipt = delivery.replied ? receiptIn(delivery.body) : undefined;
  const check = receipt === undefined ? undefined : await verifier.verify(receipt);
  const { name = '', email = '' } = request.diner;
  return classify({ delivery, check, orderId: request.order.id, now: now(), secrets: [apiKey, name, email] });
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
