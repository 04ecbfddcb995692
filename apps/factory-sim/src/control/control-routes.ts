import { parseOrProblem } from '@proofbox/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { faultSchema } from '../faults/fault.ts';
import type { FaultControl } from '../faults/fault-control.ts';
import type { FaultSwitch } from '../faults/fault-switch.ts';
import type { OrderCounts } from './order-counts.ts';
import type { RequestLog } from './request-log.ts';

export type ControlRoutesOptions = {
  faults: FaultSwitch;
  setFault: FaultControl;
  counts: OrderCounts;
  log: RequestLog;
};

const number = (max: number) => z.coerce.number().int().min(0).max(max);
const ordersPage = z.object({
  offset: number(Number.MAX_SAFE_INTEGER).default(0),
  limit: number(100_000).default(1_000),
});
const requestsPage = z.object({
  after: number(Number.MAX_SAFE_INTEGER).default(0),
  limit: number(100_000).default(1_000),
});

/** Makes the factory misbehave, and counts how often each order was asked for and baked. */
export function addControlRoutes(server: FastifyInstance, options: ControlRoutesOptions): void {
  const { faults, setFault, counts, log } = options;

  server.get('/fault', async () => faults.status());
  server.put('/fault', async (request) => {
    await setFault(parseOrProblem(faultSchema, request.body, 'The fault'));
    return faults.status();
  });
  server.delete('/fault', async () => {
    await setFault(undefined);
    return faults.status();
  });

  server.get('/orders', async (request) => {
    const page = parseOrProblem(ordersPage, request.query, 'The page');
    return { total: counts.totals(), orders: counts.list(page) };
  });
  server.get<{ Params: { orderId: string } }>('/orders/:orderId', async (request) => {
    const { orderId } = request.params;
    return counts.find(orderId) ?? { orderId, requests: 0, baked: 0 };
  });
  server.delete('/orders', async () => {
    counts.reset();
    log.reset();
    return { total: counts.totals() };
  });

  server.get('/requests', async (request) => {
    const page = parseOrProblem(requestsPage, request.query, 'The page');
    return { ...log.size(), requests: log.list(page) };
  });
}
