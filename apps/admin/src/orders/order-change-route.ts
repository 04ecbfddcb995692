import { parseOrProblem, ProblemError } from '@proofbox/contract';
import { discardIn, replayIn, type ChangeResult } from '@proofbox/contract/admin';
import type { Changed, Ledger, OrderEditor, OrderQueue } from '@proofbox/ledger';
import type { FastifyInstance } from 'fastify';
import { actorOf } from '../auth/guard.ts';
import { noSuchOrder, readOrderId } from '../http/order-id.ts';
import { replayEditedOrder, replayOrder } from './replay-order.ts';

/** `/api/orders/:id/replay` and `/api/orders/:id/discard` */
export function orderChangeRoute(
  scope: FastifyInstance,
  parts: { ledger: Ledger; editor: OrderEditor; queue: OrderQueue; deadlineMs: number },
): void {
  const { ledger, deadlineMs } = parts;

  scope.post('/api/orders/:id/replay', { config: { needs: 'operator' } }, async (request) => {
    const id = readOrderId(request.params);
    const { why, order, asOf } = parseOrProblem(replayIn, request.body, 'The replay');
    const replay = { id, deadlineMs, by: actorOf(request).name, why };
    if (order === undefined) return resultOf(id, await replayOrder(parts, replay));
    const seen = asOf === undefined ? {} : { asOf: Date.parse(asOf) };
    const edited = await replayEditedOrder(parts, { ...replay, order, ...seen });
    if (edited.isOutdated) throw outdated();
    return resultOf(id, edited);
  });

  scope.post('/api/orders/:id/discard', { config: { needs: 'operator' } }, async (request) => {
    const id = readOrderId(request.params);
    const { why } = parseOrProblem(discardIn, request.body, 'The request');
    return resultOf(id, await ledger.discard({ id, by: actorOf(request).name, why }));
  });
}

/** @throws ProblemError 404 */
function resultOf(id: string, { status, state }: Pick<Changed, 'status' | 'state'>): ChangeResult {
  if (state === undefined) throw noSuchOrder(id);
  return { id, result: status === 'replayed' || status === 'discarded' ? status : 'unchanged', state };
}

function outdated(): ProblemError {
  return new ProblemError({
    status: 409,
    title: 'Conflict',
    detail: 'Somebody changed this order since you opened it, so nothing was done. Open it again.',
  });
}
