import { setTimeout as delay } from 'node:timers/promises';
import { orderIdIn, refusalOf, type OrderBody } from './order-check.ts';
import type { OrderLedger } from './order-ledger.ts';
import type { Oven } from './oven.ts';
import type { Answer, Plan } from './plan.ts';
import type { Vendor } from './vendors.ts';

export type KitchenOptions = { oven: Pick<Oven, 'bake' | 'forge'>; ledger: OrderLedger; ovenFullMs: number };
export type Kitchen = (plan: Plan, order: { vendor: Vendor; body: OrderBody }) => Promise<Answer>;

/** Carries plans out: waits, checks, signs, and writes down what was baked. */
export function createKitchen({ oven, ledger, ovenFullMs }: KitchenOptions): Kitchen {
  return async (plan, { vendor, body }) => {
    if (plan.act === 'answer') return plan.answer;
    const receipt = { vendor, diner: body.diner, order: body.order };
    if (plan.act === 'forge') return pizza(await oven.forge(receipt), plan.reportUrl);

    await wait(plan.delayMs);
    const refusal = refusalOf(body);
    if (refusal?.why === 'oven_full') await wait(ovenFullMs);
    if (refusal) return { status: refusal.status, body: { message: refusal.message } };

    const order = plan.act === 'lie' ? anotherOrder(body) : body.order;
    const jwt = await oven.bake({ ...receipt, order }).catch(() => undefined);
    if (jwt === undefined) return { status: 500, body: { message: 'unable to process order' } };
    if (plan.act === 'lie') return pizza(jwt);
    const orderId = orderIdIn(body);
    if (orderId !== undefined) ledger.baked(orderId);
    return pizza(jwt, plan.reportUrl);
  };
}

function pizza(jwt: string, reportUrl?: string): Answer {
  return { status: 200, body: { jwt, ...(reportUrl !== undefined && { reportUrl }) } };
}

function anotherOrder(body: OrderBody): object {
  return { ...(body.order as object), id: `${orderIdIn(body) ?? 'none'}-of-somebody-else` };
}

/** Does not keep the process alive: a stop need not wait for an oven. */
async function wait(ms: number): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { ref: false });
}
