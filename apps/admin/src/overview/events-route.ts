import { ProblemError } from '@proofbox/contract';
import type { BulkTasks } from '@proofbox/contract/admin';
import type { ZodServer } from '@proofbox/runtime';
import type { FastifyRequest } from 'fastify';
import type { BulkUpdates } from '../bulk/bulk-updates.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { EventStreams } from '../http/event-stream.ts';
import type { OverviewWatch } from './overview.ts';

/** `GET /api/events`: how everything is, and what bulk tasks do, as it changes. */
export function eventsRoute(
  scope: ZodServer,
  parts: {
    streams: EventStreams;
    overview: OverviewWatch;
    bulkUpdates: BulkUpdates;
    authenticator: Authenticator;
  },
): void {
  const { streams, overview, bulkUpdates, authenticator } = parts;

  scope.get(
    '/api/events',
    {
      exposeHeadRoute: false,
      config: {
        role: 'viewer',
        operationId: 'followEvents',
        summary: 'How everything is, as it changes',
        description:
          'Server-sent events: `overview` (as GET /api/overview) each second, `away` while Redis does not answer, `bulk` with each task that changed.',
        replies: { 200: ['Events, until you close', 'text/event-stream'] },
      },
    },
    (request, reply) => {
      const stream = streams.open(reply, { stillAllowed: () => isStillAdmitted(authenticator, request) });
      const watches = [
        overview.watch(({ event, data }) => stream.send(event, data)),
        bulkUpdates.watch((tasks) => stream.send('bulk', { tasks } satisfies BulkTasks)),
      ];
      const stop = (): void => {
        for (const watch of watches) watch[Symbol.dispose]();
      };
      if (stream.ended.aborted) stop();
      else stream.ended.addEventListener('abort', stop, { once: true });
    },
  );
}

/** A stream lasts no longer than the session it was opened with. @throws what Redis throws when it cannot be asked */
async function isStillAdmitted(authenticator: Authenticator, request: FastifyRequest): Promise<boolean> {
  try {
    await authenticator.admit(request);
    return true;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}
