import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FaultSwitch } from '../faults/fault-switch.ts';
import { createPlanExecutor, type PlanExecutorOptions } from '../receipts/plan-executor.ts';
import { orderIdIn, type OrderBody } from '../receipts/order-check.ts';
import { planFor, type Answer } from '../faults/plan.ts';
import type { RequestEntry, RequestLog } from '../control/request-log.ts';
import { apiKeyIn, type Vendors } from './vendors.ts';
import { give } from './wire.ts';

export type OrderRouteOptions = PlanExecutorOptions & {
  vendors: Vendors;
  log: RequestLog;
  faults: FaultSwitch;
  latencyMs: number;
};

/** `POST /api/order`: api key first, then the fault, then the order itself, as the real factory does. */
export function addOrderRoute(server: FastifyInstance, options: OrderRouteOptions): void {
  const { vendors, counts, log, faults } = options;
  const execute = createPlanExecutor(options);
  const entries = new WeakMap<FastifyRequest, RequestEntry>();

  async function answer(request: FastifyRequest, body: OrderBody): Promise<Answer> {
    const apiKey = apiKeyIn(request.headers.authorization);
    const vendor = vendors.get(apiKey);
    if (!vendor) return { status: 401, body: { message: 'invalid authentication' } };
    const strike = faults.strike(body.order);
    if (strike) entries.get(request)!.fault = strike.fault.kind;
    const plan = planFor(strike, {
      ...options,
      reportUrlOf: (fixCode) => `http://${request.host}/api/support/${apiKey}/report/${fixCode}`,
    });
    return execute(plan, { vendor, body });
  }

  server.route<{ Body?: OrderBody }>({
    method: 'POST',
    url: '/api/order',
    onRequest: async (request) => {
      entries.set(request, log.add());
    },
    preHandler: async (request) => {
      const orderId = orderIdIn(request.body ?? {});
      if (orderId === undefined) return;
      entries.get(request)!.orderId = orderId;
      counts.requested(orderId);
    },
    onSend: async (request, reply) => {
      if (!request.raw.socket.destroyed) entries.get(request)!.status = reply.statusCode;
    },
    handler: async (request, reply) => give(await answer(request, request.body ?? {}), reply),
  });
}
