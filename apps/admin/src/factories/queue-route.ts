import { parseOrProblem } from '@proofbox/contract';
import { queuePauseIn } from '@proofbox/contract/admin';
import type { QueuePause } from '@proofbox/ledger';
import type { FastifyInstance } from 'fastify';
import { actorOf } from '../auth/guard.ts';

/** `/api/queue`: whether the workers take orders at all. */
export function queueRoute(scope: FastifyInstance, { queuePause }: { queuePause: QueuePause }): void {
  scope.get('/api/queue', { config: { needs: 'viewer' } }, async () => queuePause.refresh());

  scope.post('/api/queue', { config: { needs: 'operator' } }, async (request) => {
    const { isPaused, why } = parseOrProblem(queuePauseIn, request.body, 'The request');
    return (await queuePause.set({ isPaused, by: actorOf(request).name, why })).queuePause;
  });
}
