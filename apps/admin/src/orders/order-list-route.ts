import { parseOrProblem } from '@proofbox/contract';
import { orderQuery, queryOf, timeOf, type OrderPage, type RawQuery } from '@proofbox/contract/admin';
import type { OrderSearch } from '@proofbox/ledger/operations';
import type { FastifyInstance } from 'fastify';
import { orderRow } from './order-view.ts';

/** `GET /api/orders`: one page of the orders that a filter finds. */
export function orderListRoute(scope: FastifyInstance, { search }: { search: OrderSearch }): void {
  scope.get('/api/orders', { config: { needs: 'viewer' } }, async (request): Promise<OrderPage> => {
    const query = queryOf(request.query as RawQuery, ['state', 'reason']);
    const { sort, limit, cursor, ...filter } = parseOrProblem(orderQuery, query, 'The query');
    const found = await search.page({ filter, limit, oldestFirst: sort === 'oldest', cursor });
    const { orders, unreadable, ...place } = found;
    return {
      orders: orders.map((summary) => orderRow(summary)),
      ...(unreadable.length > 0 && { unreadable }),
      ...place,
      sortedBy: timeOf(filter),
    };
  });
}
