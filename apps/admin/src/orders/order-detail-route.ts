import { parseOrProblem } from '@proofbox/contract';
import { revealIn, type OrderDetail } from '@proofbox/contract/admin';
import type { Ledger, OrderEditor } from '@proofbox/ledger';
import type { AuditLog } from '@proofbox/ledger/operations';
import type { FastifyInstance } from 'fastify';
import type { Events } from '../auth/events.ts';
import { actorOf } from '../auth/guard.ts';
import { noSuchOrder, readOrderId } from '../http/order-id.ts';
import { orderDetail, type Sight } from './order-view.ts';

/** `/api/orders/:id`: the story of one order, and who its diner is, for those who say why they want to know. */
export function orderDetailRoute(
  scope: FastifyInstance,
  parts: { ledger: Ledger; editor: OrderEditor; audit: AuditLog; events: Events },
): void {
  const { ledger, editor, audit, events } = parts;

  async function tell(id: string, sight: Sight): Promise<OrderDetail> {
    const [record, edits, entries] = await Promise.all([ledger.find(id), editor.edits(id), audit.of(id)]);
    if (record === undefined) throw noSuchOrder(id);
    return orderDetail({ record, edits, audit: entries }, sight);
  }

  scope.get('/api/orders/:id', { config: { needs: 'viewer' } }, async (request) =>
    tell(readOrderId(request.params), 'masked'),
  );

  scope.post('/api/orders/:id/reveal', { config: { needs: 'operator' } }, async (request) => {
    const id = readOrderId(request.params);
    const { why } = parseOrProblem(revealIn, request.body, 'The request');
    if ((await ledger.find(id)) === undefined) throw noSuchOrder(id);
    const { name: by } = actorOf(request);
    // Before anything is shown: what nobody could write down is not revealed.
    await audit.append({ by, action: 'reveal', subject: id, why });
    events.revealed(by, id);
    return tell(id, 'revealed');
  });
}
