import { parseOrProblem } from '@proofbox/contract';
import { historyQuery, queryOf, type RawQuery } from '@proofbox/contract/admin';
import type { FastifyInstance } from 'fastify';
import type { OverviewWatch } from './overview.ts';

/** `/api/overview` and `/api/history`: how everything is, and how it was. */
export function overviewRoute(scope: FastifyInstance, { overview }: { overview: OverviewWatch }): void {
  scope.get('/api/overview', { config: { needs: 'viewer' } }, async () => overview.now());

  scope.get('/api/history', { config: { needs: 'viewer' } }, async (request) => {
    const query = queryOf(request.query as RawQuery, []);
    const { hours } = parseOrProblem(historyQuery, query, 'The query');
    return overview.history(hours);
  });
}
