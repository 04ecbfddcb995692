import { ProblemError, toOrderStatus, type OrderRecord } from '@proofbox/contract';
import type { Ledger } from '@proofbox/ledger';
import type { FastifyInstance } from 'fastify';
import { bearerOf, unauthorized, type Authenticate } from './customer.ts';
import { ledgerAway } from './ledger-away.ts';
import { looksLikeTicket, type Tickets } from './tickets.ts';

export type StatusRouteOptions = { ledger: Ledger; authenticate: Authenticate; tickets: Tickets };

/** `GET /api/order/:id/status`: for the diner who ordered, or whoever holds the order's ticket. */
export function statusRoute(
  server: FastifyInstance,
  { ledger, authenticate, tickets }: StatusRouteOptions,
): void {
  /** @returns whether the asker may see this order. @throws ProblemError 401 when nobody is asking */
  async function mayRead(authorization: string | undefined): Promise<(order: OrderRecord) => boolean> {
    const token = bearerOf(authorization);
    if (token !== undefined && looksLikeTicket(token)) {
      const orderId = tickets.read(token);
      if (orderId === undefined) throw unauthorized('This ticket is not valid.');
      return (order) => order.id === orderId;
    }
    const customer = await authenticate(authorization);
    return (order) =>
      customer.kind === 'diner' && order.source === 'frontend' && order.dinerId === String(customer.diner.id);
  }

  server.get<{ Params: { id: string } }>('/api/order/:id/status', async (request, reply) => {
    const isTheirs = await mayRead(request.headers.authorization);
    const order = await ledger.find(request.params.id).catch(ledgerAway);
    // Somebody else's order looks like none at all.
    if (order === undefined || !isTheirs(order)) {
      throw new ProblemError({
        status: 404,
        title: 'Not Found',
        detail: 'There is no such order among yours.',
      });
    }
    return reply.header('Cache-Control', 'no-store').send(toOrderStatus(order));
  });
}
