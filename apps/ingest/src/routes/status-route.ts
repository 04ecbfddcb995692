import { orderStatus, toOrderStatus, type OrderRecord } from '@proofbox/contract';
import { refusal, type ZodServer } from '@proofbox/runtime';
import { z } from 'zod';
import { bearerOf, unauthorized, type Authenticate, type Customer } from '../auth/customer.ts';
import type { FindOrder } from '../intake/find-order.ts';
import { ledgerAway } from './ledger-away.ts';
import { looksLikeTicket, type Tickets } from '../auth/tickets.ts';

export type StatusRouteOptions = { find: FindOrder; authenticate: Authenticate; tickets: Tickets };

/** A caller with the order's ticket, with a login, or with a key. */
type Asker = { ticketOf: string } | { customer: Customer };

const orderPath = z.object({ id: z.string().describe("The order's id") });

/** `GET /api/order/:id/status`: for the diner who ordered, or the holder of the order's ticket. */
export function statusRoute(server: ZodServer, { find, authenticate, tickets }: StatusRouteOptions): void {
  /** @throws ProblemError 401 when nobody is asking */
  async function readAsker(authorization: string | undefined): Promise<Asker> {
    const token = bearerOf(authorization);
    if (token === undefined || !looksLikeTicket(token)) {
      return { customer: await authenticate(authorization) };
    }
    const ticketOf = tickets.read(token);
    if (ticketOf === undefined) throw unauthorized('This ticket is not valid.');
    return { ticketOf };
  }

  server.get(
    '/api/order/:id/status',
    {
      schema: { params: orderPath },
      config: {
        operationId: 'orderStatus',
        summary: 'How an order is doing',
        description: "For the diner's own token, or the order's ticket as the bearer.",
        security: ['diner', 'ticket'],
        replies: { 200: ['The order', orderStatus] },
        problems: [401, 503],
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const asker = await readAsker(request.headers.authorization);
      const order = await find(id).catch(ledgerAway);
      // A ticket is only given for an order that is durable: one that is not found waits in the outbox of another ingest.
      if (order === undefined && 'ticketOf' in asker && asker.ticketOf === id) ledgerAway();
      // The order of another diner looks like none at all.
      if (order === undefined || !mayRead(asker, order)) {
        throw refusal(404, 'There is no such order among yours.');
      }
      return reply.header('Cache-Control', 'no-store').send(toOrderStatus(order));
    },
  );
}

function mayRead(asker: Asker, order: OrderRecord): boolean {
  if ('ticketOf' in asker) return order.id === asker.ticketOf;
  const { customer } = asker;
  return (
    customer.kind === 'diner' && order.source === 'frontend' && order.dinerId === String(customer.diner.id)
  );
}
