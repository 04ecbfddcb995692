import { parseOrProblem } from '@proofbox/contract';
import { drainIn } from '@proofbox/contract/admin';
import type { DrainSwitch } from '@proofbox/ledger';
import type { FastifyInstance } from 'fastify';
import { actorOf } from '../auth/guard.ts';

/** `/api/drain`: whether the workers take orders at all. */
export function drainRoute(scope: FastifyInstance, { drain }: { drain: DrainSwitch }): void {
  scope.get('/api/drain', { config: { needs: 'viewer' } }, async () => drain.refresh());

  scope.post('/api/drain', { config: { needs: 'operator' } }, async (request) => {
    const { isPaused, why } = parseOrProblem(drainIn, request.body, 'The request');
    return (await drain.set({ isPaused, by: actorOf(request).name, why })).drain;
  });
}
