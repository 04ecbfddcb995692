import { factoryReply, type Outcome } from '@proofbox/contract';
import type { ReceiptCheck } from '../receipts/receipt-verifier.ts';
import type { Delivery, Reply } from './delivery.ts';
import { parseJson } from '../parse-json.ts';
import { detailOf, type ReplyDetail } from './reply-detail.ts';
import { retryAfterMs } from './retry-after.ts';

export type Evidence = {
  delivery: Delivery;
  /** What the factory's keys say about the `jwt` of a 2xx; absent when the reply had none. */
  check?: ReceiptCheck | undefined;
  /** Where a receipt that verifies says something else than the order that was sent (`receiptDifferences`). */
  differences?: readonly string[] | undefined;
  /** Sending an order twice does no harm at this factory. */
  repeatable: boolean;
  /** ms since the epoch, for a Retry-After given as a date. */
  now: number;
  /** Takes out what a factory may quote and nobody may keep. */
  redact: (text: string) => string;
};

/** Names what happened (ARCHITECTURE.md, "Outcomes"). Pure and total: every delivery has an outcome, and nothing is done here. */
export function classify({ delivery, now, redact, repeatable, ...receipt }: Evidence): Outcome {
  if (!delivery.replied) {
    return delivery.sent
      ? { kind: 'unknown', detail: `no answer after the request went out (${delivery.code})` }
      : { kind: 'not_sent', detail: `could not connect (${delivery.code})` };
  }
  const { status, headers } = delivery;
  const facts = { status, ...detailOf(delivery, redact) };
  if (isSuccess(delivery)) return classifySuccess(delivery, { facts, ...receipt });
  if (status === 429 || (status === 503 && headers['retry-after'] !== undefined)) {
    return { kind: 'throttled', retryAfterMs: retryAfterMs(headers, now), ...facts };
  }
  // It has something under this id. Where a second pizza would be one too many, that may be ours.
  if (status === 409) return { kind: repeatable ? 'rejected' : 'unknown', ...facts };
  if (rejections.has(status)) return { kind: 'rejected', ...facts };
  if (misconfigurations.has(status)) return { kind: 'misconfigured', ...facts };
  return { kind: 'failed', ...facts };
}

const rejections: ReadonlySet<number> = new Set([400, 413, 415, 422]);
const misconfigurations: ReadonlySet<number> = new Set([401, 403, 404, 405]);

function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}

function classifySuccess(
  reply: Reply,
  {
    facts,
    check,
    differences = [],
  }: Pick<Evidence, 'check' | 'differences'> & { facts: ReplyDetail & { status: number } },
): Outcome {
  const receipt = receiptIn(reply);
  if (receipt === undefined) return withoutReceipt(reply, facts);
  switch (check?.status) {
    case 'valid':
      break;
    case 'unavailable':
      return { kind: 'unknown', ...facts, detail: `the jwt could not be checked: ${check.why}` };
    case 'invalid':
    case undefined: {
      const why = check?.why ?? 'not checked';
      return { kind: 'failed', ...facts, detail: `bad_receipt: the jwt does not verify (${why})` };
    }
  }
  if (differences.includes('order.id')) {
    return { kind: 'failed', ...facts, detail: 'bad_receipt: the jwt is for another order' };
  }
  if (differences.length > 0) {
    const detail = `the receipt says something else than the order: ${differences.join(', ')}`;
    return { kind: 'receipt_mismatch', ...facts, detail };
  }
  return {
    kind: 'fulfilled',
    receipt,
    status: facts.status,
    ...(facts.endChaosLink && { endChaosLink: true }),
  };
}

function withoutReceipt({ cutOff, unreadable }: Reply, facts: ReplyDetail & { status: number }): Outcome {
  if (cutOff !== undefined) return { kind: 'unknown', ...facts, detail: `the answer broke off (${cutOff})` };
  return {
    kind: 'failed',
    ...facts,
    detail: `bad_receipt: ${unreadable === undefined ? 'a 2xx without a jwt' : facts.detail}`,
  };
}

/** The `jwt` of a success, if it has one. Also of one that broke off: its signature shows whether it is whole. */
export function receiptIn(delivery: Delivery): string | undefined {
  if (!delivery.replied || !isSuccess(delivery)) return undefined;
  const reply = factoryReply.safeParse(parseJson(delivery.body));
  return (reply.success && reply.data.jwt.trim()) || undefined;
}
