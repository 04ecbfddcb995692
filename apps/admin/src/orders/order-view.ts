import {
  isoTime,
  summaryOf,
  totalOf,
  type Diner,
  type OrderRecord,
  type OrderState,
  type OrderSummary,
  type OrderWithId,
} from '@proofbox/contract';
import type { AuditEntry, DinerView, EditView, OrderDetail, OrderRow } from '@proofbox/contract/admin';
import { attemptView } from './attempt-view.ts';
import { maskEmail, maskId, maskName } from '@proofbox/contract/admin';
import { nextStepFor } from './next-step.ts';

/** Whether the reader may see who the diner is, and what a customer wrote into the order of their own. */
export type Sight = 'masked' | 'revealed';

const settledStates: readonly OrderState[] = ['fulfilled', 'held', 'dead', 'discarded'];

/** An order in one row of a list. */
export function orderRow(summary: OrderSummary, sight: Sight = 'masked'): OrderRow {
  const { order } = summary.request;
  return {
    id: summary.id,
    state: summary.state,
    ...(summary.reason !== undefined && { reason: summary.reason }),
    diner: dinerView(summary, sight),
    franchiseId: order.franchiseId,
    storeId: order.storeId,
    items: order.items.length,
    total: totalOf(order.items),
    acceptedAt: isoTime(summary.acceptedAt),
    ...(settledStates.includes(summary.state) && { settledAt: isoTime(summary.updatedAt) }),
    attempts: summary.attempts,
    ...(summary.lastAttempt && { lastAttempt: attemptView(summary.lastAttempt) }),
    replays: summary.replays,
  };
}

/** The whole story of an order. The receipt is in none: it is the diner's. */
export function orderDetail(
  input: { record: OrderRecord; edits: EditView[]; audit: AuditEntry[] },
  sight: Sight = 'masked',
): OrderDetail {
  const { record, audit } = input;
  const shown = (order: OrderWithId): OrderWithId => (sight === 'revealed' ? order : knownFieldsOf(order));
  return {
    ...orderRow(summaryOf(record), sight),
    source: record.source,
    updatedAt: isoTime(record.updatedAt),
    deadlineAt: isoTime(record.deadlineAt),
    ...(record.fulfilledAt !== undefined && { fulfilledAt: isoTime(record.fulfilledAt) }),
    ...(record.replayedAt !== undefined && { replayedAt: isoTime(record.replayedAt) }),
    ...(record.restoredAt !== undefined && { restoredAt: isoTime(record.restoredAt) }),
    ...(record.discardReason !== undefined && { discardReason: record.discardReason }),
    ...(record.factory !== undefined && { factory: record.factory }),
    hasReceipt: record.receipt !== undefined,
    countedFailures: record.countedFailures,
    order: shown(record.request.order),
    attemptHistory: record.attempts.map(attemptView),
    edits: input.edits.map((edit) => ({ ...edit, before: shown(edit.before) })),
    audit,
    nextStep: nextStepFor(record),
  };
}

function dinerView({ dinerId, request }: OrderSummary, sight: Sight): DinerView {
  const { name, email }: Diner = request.diner;
  const isMasked = sight === 'masked';
  return {
    id: isMasked ? maskId(dinerId) : dinerId,
    ...(name !== undefined && { name: isMasked ? maskName(name) : name }),
    ...(email !== undefined && { email: isMasked ? maskEmail(email) : email }),
    isMasked,
  };
}

/** A field that a customer invented may hold anything, also who they are. */
function knownFieldsOf({ franchiseId, storeId, id, items }: OrderWithId): OrderWithId {
  return {
    franchiseId,
    storeId,
    id,
    items: items.map(({ menuId, description, price }) => ({ menuId, description, price })),
  };
}
