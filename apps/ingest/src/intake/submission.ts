import { createHash } from 'node:crypto';
import { factoryRequest, orderIn, parseOrProblem } from '@proofbox/contract';
import type { NewOrder } from '@proofbox/ledger';
import { refusal } from '@proofbox/runtime';
import type { Customer } from '../auth/customer.ts';
import { fingerprintOf, newOrderId, orderIdFor } from './order-identity.ts';

export type SubmissionRules = { deadlineMs: number; doubleClickMs: number };

/**
 * Turns what a customer posted into an order for the ledger: what the factory will be sent, and what makes a
 * repeat the same order.
 * @throws ProblemError 400 that names every wrong field
 */
export function readSubmission(input: {
  customer: Customer;
  body: unknown;
  idempotencyKey: string | undefined;
  rules: SubmissionRules;
}): NewOrder {
  const { customer } = input;
  return customer.kind === 'diner' ? fromDiner({ ...input, customer }) : fromService({ ...input, customer });
}

function fromDiner(input: {
  customer: Customer & { kind: 'diner' };
  body: unknown;
  idempotencyKey: string | undefined;
  rules: SubmissionRules;
}): NewOrder {
  const { customer, rules } = input;
  const key = checkKey(input.idempotencyKey);
  const body = parseOrProblem(orderIn, input.body, 'The order');
  const dinerId = String(customer.diner.id);
  const id = key === undefined ? newOrderId() : orderIdFor(`diner ${dinerId}`, key);
  const fingerprint = fingerprintOf(body);
  return {
    id,
    fingerprint,
    source: 'frontend',
    dinerId,
    request: { diner: customer.diner, order: { ...body, id } },
    deadlineMs: rules.deadlineMs,
    // The shop's button is never disabled: without a key, the same order from the same login within seconds is a double click.
    ...(key === undefined &&
      rules.doubleClickMs > 0 && {
        doubleClick: { key: sha256(`${customer.session} ${fingerprint}`), windowMs: rules.doubleClickMs },
      }),
  };
}

/** A service has numbered its orders already: its number, with its API key, is the idempotency key. */
function fromService(input: {
  customer: Customer & { kind: 'service' };
  body: unknown;
  rules: SubmissionRules;
}): NewOrder {
  const request = parseOrProblem(factoryRequest, input.body, 'The order');
  return {
    id: orderIdFor(`service ${input.customer.key}`, String(request.order.id)),
    fingerprint: fingerprintOf(request),
    source: 'service',
    dinerId: String(request.diner.id),
    request,
    deadlineMs: input.rules.deadlineMs,
  };
}

function checkKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw refusal(400, 'Idempotency-Key is not valid: expected 1 to 200 printable characters without blanks.');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
