import { orderDetail, revealIn, type OrderDetail } from '@proofbox/contract/admin';
import type { Ledger, OrderEditor } from '@proofbox/ledger';
import type { AuditLog } from '@proofbox/ledger/operations';
import type { ZodServer } from '@proofbox/runtime';
import type { Events } from '../auth/events.ts';
import { actorOf } from '../auth/guard.ts';
import { noSuchOrder, orderPath } from '../http/order-id.ts';
import { orderDetail as detailOf, type Sight } from './order-view.ts';

/** `/api/orders/:id`: the story of one order, and who its diner is, for those who say why they want to know. */
export function orderDetailRoute(
  scope: ZodServer,
  parts: { ledger: Ledger; editor: OrderEditor; audit: AuditLog; events: Events },
): void {
  const { ledger, editor, audit, events } = parts;

  async function readDetail(id: string, sight: Sight): Promise<OrderDetail> {
    const [record, edits, entries] = await Promise.all([ledger.find(id), editor.edits(id), audit.of(id)]);
    if (record === undefined) throw noSuchOrder(id);
    return detailOf({ record, edits, audit: entries }, sight);
  }

  scope.get(
    '/api/orders/:id',
    {
      schema: { params: orderPath },
      config: {
        role: 'viewer',
        operationId: 'showOrder',
        summary: 'The story of one order',
        description: 'The diner is masked, and the reply has only the known fields of the order.',
        replies: { 200: ['The order', orderDetail] },
      },
    },
    async ({ params }) => readDetail(params.id, 'masked'),
  );

  scope.post(
    '/api/orders/:id/reveal',
    {
      schema: { params: orderPath, body: revealIn },
      config: {
        role: 'operator',
        operationId: 'revealOrder',
        summary: 'The story of one order, unmasked',
        description: 'Written to the audit log with its reason.',
        replies: { 200: ['The order', orderDetail] },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { why } = request.body;
      if ((await ledger.find(id)) === undefined) throw noSuchOrder(id);
      const { name: by } = actorOf(request);
      // Before anything is shown: what nobody could write down is not revealed.
      await audit.append({ by, action: 'reveal', subject: id, why });
      events.revealed(by, id);
      return readDetail(id, 'revealed');
    },
  );
}
