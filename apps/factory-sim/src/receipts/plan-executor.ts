import { setTimeout as delay } from 'node:timers/promises';
import { alteredReceipt } from './altered-receipt.ts';
import { orderIdIn, refusalOf, type OrderBody } from './order-check.ts';
import type { OrderCounts } from '../control/order-counts.ts';
import type { ReceiptSigner } from './receipt-signer.ts';
import type { Answer, Plan } from '../faults/plan.ts';
import type { Vendor } from '../http/vendors.ts';

export type PlanExecutorOptions = {
  signer: Pick<ReceiptSigner, 'sign' | 'forge'>;
  counts: OrderCounts;
  ovenFullMs: number;
};
export type PlanExecutor = (plan: Plan, order: { vendor: Vendor; body: OrderBody }) => Promise<Answer>;

/** Carries plans out: waits, checks, signs, and writes down what was baked. */
export function createPlanExecutor({ signer, counts, ovenFullMs }: PlanExecutorOptions): PlanExecutor {
  const byNumber = new Map<string, string>();

  return async (plan, { vendor, body }) => {
    if (plan.act === 'answer') return plan.answer;
    const receipt = { vendor, diner: body.diner, order: body.order };
    if (plan.act === 'forge') return signed(await signer.forge(receipt), plan);

    await wait(plan.delayMs);
    const refusal = refusalOf(body);
    if (refusal?.why === 'oven_full') await wait(ovenFullMs);
    if (refusal) return { status: refusal.status, body: { message: refusal.message } };

    const { receiptOf } = plan;
    const orderId = orderIdIn(body);
    const known = receiptOf === 'number' && orderId !== undefined ? byNumber.get(orderId) : undefined;
    if (known !== undefined) return signed(known, plan);
    const jwt = await signer.sign(alteredReceipt(receipt, receiptOf)).catch(() => undefined);
    if (jwt === undefined) return { status: 500, body: { message: 'unable to process order' } };
    if (orderId !== undefined && receiptOf !== 'another') counts.baked(orderId);
    if (orderId !== undefined && receiptOf === 'number') byNumber.set(orderId, jwt);
    return signed(jwt, plan);
  };
}

function signed(
  jwt: string,
  { reportUrl, wire }: Pick<Plan & { act: 'bake' }, 'reportUrl' | 'wire'>,
): Answer {
  return {
    status: 200,
    body: { jwt, ...(reportUrl !== undefined && { reportUrl }) },
    ...(wire && { wire }),
  };
}

/** Does not keep the process alive: a stop need not wait for an order. */
async function wait(ms: number): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { ref: false });
}
