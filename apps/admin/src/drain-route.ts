import { drainIn, parseOrProblem } from '@proofbox/contract';
import type { AuditLog, DrainSwitch } from '@proofbox/ledger';
import type { FastifyInstance } from 'fastify';
import { actorOf } from './guard.ts';

/** `/api/drain`: whether the workers take orders at all. */
export function drainRoute(
  scope: FastifyInstance,
  { drain, audit }: { drain: DrainSwitch; audit: AuditLog },
): void {
  scope.get('/api/drain', { config: { needs: 'viewer' } }, async () => drain.refresh());

  scope.post('/api/drain', { config: { needs: 'operator' } }, async (request) => {
    const { isPaused, why } = parseOrProblem(drainIn, request.body, 'The request');
    const { name: by } = actorOf(request);
    const { changed, drain: view } = await drain.set({ isPaused, by, why });
    if (changed) {
      const action = isPaused ? 'pause_drain' : 'resume_drain';
      await audit.append({ at: Date.now(), by, action, subject: 'drain', why });
    }
    return view;
  });
}
