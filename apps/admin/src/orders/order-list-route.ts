import { orderPage, orderQuery, timeOf, type OrderPage } from '@proofbox/contract/admin';
import type { OrderSearch } from '@proofbox/ledger/operations';
import type { ZodServer } from '@proofbox/runtime';
import { orderRow } from './order-view.ts';

/** `GET /api/orders`: one page of the orders that a filter finds. */
export function orderListRoute(scope: ZodServer, { search }: { search: OrderSearch }): void {
  scope.get(
    '/api/orders',
    {
      schema: { querystring: orderQuery },
      config: {
        role: 'viewer',
        operationId: 'findOrders',
        summary: 'Find orders',
        description: 'All conditions must hold. A page may be short, or empty, while `nextCursor` is there.',
        replies: { 200: ['A page of orders', orderPage] },
      },
    },
    async ({ query }): Promise<OrderPage> => {
      const { sort, limit, cursor, ...filter } = query;
      const found = await search.page({ filter, limit, oldestFirst: sort === 'oldest', cursor });
      const { orders, unreadable, ...page } = found;
      return {
        orders: orders.map((summary) => orderRow(summary)),
        ...(unreadable.length > 0 && { unreadable }),
        ...page,
        sortedBy: timeOf(filter),
      };
    },
  );
}
