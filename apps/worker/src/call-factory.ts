import type { FactoryRequest, Outcome } from '@proofbox/contract';
import type { BreakerOrder } from '@proofbox/factory/breaker';
import { classify, receiptIn, type DeliveryOptions } from '@proofbox/factory/client';
import { receiptDifferences } from '@proofbox/factory/receipts';
import { redactText } from '@proofbox/runtime';
import type { Factory } from './factory.ts';

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
  const { name = '', email = '' } = request.diner;
  return classify({
    delivery,
    check,
    differences: check?.verdict === 'valid' ? receiptDifferences(check.payload, request, receiptMatch) : [],
    repeatable,
    now: now(),
    redact: (text) => redactText(withoutSecrets(text, [apiKey, name, email])),
  });
}

/** A factory may quote what it was sent: our key there, the diner's name and e-mail. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length > 2);
  return known.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text);
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
