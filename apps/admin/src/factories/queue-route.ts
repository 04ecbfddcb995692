import { queuePauseIn, queuePauseView } from '@proofbox/contract/admin';
import type { QueuePause } from '@proofbox/ledger';
import type { ZodServer } from '@proofbox/runtime';
import { actorOf } from '../auth/guard.ts';

/** `/api/queue`: whether the workers take orders at all. */
export function queueRoute(scope: ZodServer, { queuePause }: { queuePause: QueuePause }): void {
  scope.get(
    '/api/queue',
    {
      config: {
        role: 'viewer',
        operationId: 'showQueue',
        summary: 'Whether the workers take orders',
        replies: { 200: ['The switch', queuePauseView] },
      },
    },
    async () => queuePause.refresh(),
  );

  scope.post(
    '/api/queue',
    {
      schema: { body: queuePauseIn },
      config: {
        role: 'operator',
        operationId: 'pauseQueue',
        summary: 'Pause or resume the queue',
        description: 'Orders are accepted all the same.',
        replies: { 200: ['The switch as it is now', queuePauseView] },
      },
    },
    async (request) => {
      const { isPaused, why } = request.body;
      return (await queuePause.set({ isPaused, by: actorOf(request).name, why })).queuePause;
    },
  );
}
