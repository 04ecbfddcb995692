import { factoryReply, type Outcome } from '@proofbox/contract';
import type { ReceiptCheck } from '@proofbox/factory/receipts';
import { redactText } from '@proofbox/runtime';
import type { Delivery } from './factory-client.ts';
import { retryAfterMs } from './retry-after.ts';

export type Evidence = {
  delivery: Delivery;
  /** What the factory's keys say about the `jwt` of a 2xx; absent when the reply had none. */
  check?: ReceiptCheck | undefined;
  /** The id the factory was sent: the receipt has to name it. */
  orderId: string | number;
  /** ms since the epoch, for a Retry-After given as a date. */
  now: number;
  /** Texts that a factory may quote and nobody may keep: our key there, the diner's name and e-mail. */
  secrets?: readonly string[];
};

/** Names what happened (ARCHITECTURE.md, "Outcomes"). Pure and total: every delivery has an outcome, and nothing is done here. */
export function classify({ delivery, check, orderId, now, secrets = [] }: Evidence): Outcome {
  if (!delivery.replied) {
    return delivery.sent
      ? { kind: 'unknown', detail: `no answer after the request went out (${delivery.code})` }
      : { kind: 'not_sent', detail: `could not connect (${delivery.code})` };
  }
  const { status } = delivery;
  const told = { status, ...whatItSaid(delivery.body, secrets) };
  if (status >= 200 && status < 300) return classifySuccess({ delivery, check, orderId, told });
  const retryAfter = delivery.headers['retry-after'];
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    return { kind: 'throttled', retryAfterMs: retryAfterMs(retryAfter, now), ...told };
  }
  if (rejections.has(status)) return { kind: 'rejected', ...told };
  if (misconfigurations.has(status)) return { kind: 'misconfigured', ...told };
  return { kind: 'failed', ...told };
}

const rejections: ReadonlySet<number> = new Set([400, 409, 413, 422]);
const misconfigurations: ReadonlySet<number> = new Set([401, 403, 404, 405]);

function classifySuccess({
  delivery,
  check,
  orderId,
  told,
}: Pick<Evidence, 'check' | 'orderId'> & {
  delivery: Delivery & { replied: true };
  told: { status: number; detail: string; endChaosLink?: boolean };
}): Outcome {
  const receipt = receiptIn(delivery.body);
  if (receipt === undefined) return { kind: 'failed', ...told, detail: 'bad_receipt: a 2xx without a jwt' };
  if (check?.verdict === 'unavailable') {
    return { kind: 'unknown', ...told, detail: `the jwt could not be checked: ${check.why}` };
  }
  if (check?.verdict !== 'valid') {
    return {
      kind: 'failed',
      ...told,
      detail: `bad_receipt: the jwt does not verify (${check?.why ?? 'not checked'})`,
    };
  }
  if (String(check.payload.order.id) !== String(orderId)) {
    return { kind: 'failed', ...told, detail: 'bad_receipt: the jwt is for another order' };
  }
  return {
    kind: 'fulfilled',
    receipt,
    status: told.status,
    ...(told.endChaosLink && { endChaosLink: true }),
  };
}

/** The `jwt` of a reply's body, if it has one. */
export function receiptIn(body: string): string | undefined {
  const reply = factoryReply.safeParse(parseJson(body));
  return reply.success ? reply.data.jwt : undefined;
}

const longestDetail = 300;
/** More than this is not even looked at: what reads a text takes time, and a factory may send a lot. */
const longestRead = 4_000;

/** What an admin may read of a reply: its message or the start of its text, redacted; that it offered an end-chaos link, not which. */
function whatItSaid(body: string, secrets: readonly string[]): { detail: string; endChaosLink?: boolean } {
  const parsed = parseJson(body);
  if (typeof parsed !== 'object' || parsed === null) {
    const text = body
      .slice(0, longestRead)
      .replace(/<[^<>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return { detail: `not JSON: ${fitToKeep(text, secrets)}` };
  }
  const message = 'message' in parsed && typeof parsed.message === 'string' ? parsed.message : 'no message';
  return {
    detail: fitToKeep(message, secrets),
    ...('reportUrl' in parsed && { endChaosLink: true }),
  };
}

function fitToKeep(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length > 2);
  const clean = known.reduce(
    (left, secret) => left.replaceAll(secret, '[redacted]'),
    text.slice(0, longestRead),
  );
  return redactText(clean).slice(0, longestDetail);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
