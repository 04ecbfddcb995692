import type { ProblemError } from '@proofbox/contract';
import { changeResult, discardIn, replayIn, type ChangeResult } from '@proofbox/contract/admin';
import type { Changed, Ledger, OrderEditor, OrderQueue } from '@proofbox/ledger';
import { refusal, type ZodServer } from '@proofbox/runtime';
import { actorOf } from '../auth/guard.ts';
import { noSuchOrder, orderPath } from '../http/order-id.ts';
import { replayEditedOrder, replayOrder } from './replay-order.ts';

/** `/api/orders/:id/replay` and `/api/orders/:id/discard` */
export function orderChangeRoute(
  scope: ZodServer,
  parts: { ledger: Ledger; editor: OrderEditor; queue: OrderQueue; deadlineMs: number },
): void {
  const { ledger, deadlineMs } = parts;

  scope.post(
    '/api/orders/:id/replay',
    {
      schema: { params: orderPath, body: replayIn },
      config: {
        role: 'operator',
        operationId: 'replayOrder',
        summary: 'Give a dead or held order a fresh start',
        description:
          'With a new deadline. With `order` it is edited first; `asOf` guards against another edit. Replaying twice is harmless.',
        replies: { 200: ['What became of it', changeResult] },
        problems: [409],
      },
    },
    async (request) => {
      const { id } = request.params;
      const { why, order, asOf } = request.body;
      const replay = { id, deadlineMs, by: actorOf(request).name, why };
      if (order === undefined) return resultOf(id, await replayOrder(parts, replay));
      const seen = asOf === undefined ? {} : { asOf: Date.parse(asOf) };
      const edited = await replayEditedOrder(parts, { ...replay, order, ...seen });
      if (edited.isOutdated) throw outdated();
      return resultOf(id, edited);
    },
  );

  scope.post(
    '/api/orders/:id/discard',
    {
      schema: { params: orderPath, body: discardIn },
      config: {
        role: 'operator',
        operationId: 'discardOrder',
        summary: 'Give up on an order that is not fulfilled, for good',
        description:
          'The order may also wait or be baking right now. Proofbox still records how an attempt under way ends; a receipt that comes then counts as a late one.',
        replies: { 200: ['What became of it', changeResult] },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { why } = request.body;
      return resultOf(id, await ledger.discard({ id, by: actorOf(request).name, why }));
    },
  );
}

/** @throws ProblemError 404 */
function resultOf(id: string, { status, state }: Pick<Changed, 'status' | 'state'>): ChangeResult {
  if (state === undefined) throw noSuchOrder(id);
  return { id, result: status === 'replayed' || status === 'discarded' ? status : 'unchanged', state };
}

function outdated(): ProblemError {
  return refusal(409, 'This order was changed since you opened it, so nothing was done. Open it again.');
}
