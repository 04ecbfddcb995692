import { history, historyQuery, overview as overviewSchema } from '@proofbox/contract/admin';
import type { ZodServer } from '@proofbox/runtime';
import type { OverviewWatch } from './overview.ts';

/** `/api/overview` and `/api/history`: how everything is, and how it was. */
export function overviewRoute(scope: ZodServer, { overview }: { overview: OverviewWatch }): void {
  scope.get(
    '/api/overview',
    {
      config: {
        role: 'viewer',
        operationId: 'showOverview',
        summary: 'How everything is',
        replies: { 200: ['At most a second old', overviewSchema] },
      },
    },
    async () => overview.now(),
  );

  scope.get(
    '/api/history',
    {
      schema: { querystring: historyQuery },
      config: {
        role: 'viewer',
        operationId: 'showHistory',
        summary: 'How everything was',
        replies: { 200: ['Samples, oldest first', history] },
      },
    },
    async ({ query }) => overview.history(query.hours),
  );
}
