import { parseOrProblem, summaryOf } from '@proofbox/contract';
import { bulkIn, bulkPreviewIn, type BulkPreview } from '@proofbox/contract/admin';
import type { BulkTasks } from '@proofbox/ledger/operations';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bulkTaskView } from './bulk-task-view.ts';
import { actorOf } from '../auth/guard.ts';
import { orderRow } from '../orders/order-view.ts';
import { badRequest, notFound } from '../http/refusals.ts';

/** `/api/bulk`: many orders at a time, at a rate, to be looked at first and stopped at any moment. */
export function bulkRoute(scope: FastifyInstance, { tasks }: { tasks: BulkTasks }): void {
  scope.post('/api/bulk/preview', { config: { needs: 'viewer' } }, async (request): Promise<BulkPreview> => {
    const { target } = parseOrProblem(bulkPreviewIn, request.body, 'The request');
    const preview = await tasks.preview(target);
    return { ...preview, sample: preview.sample.map((record) => orderRow(summaryOf(record))) };
  });

  scope.post('/api/bulk', { config: { needs: 'operator' } }, async (request, reply) => {
    const wanted = parseOrProblem(bulkIn, request.body, 'The request');
    const task = await tasks.create({ ...wanted, by: actorOf(request).name });
    return reply.code(201).header('Location', `/api/bulk/${task.id}`).send(bulkTaskView(task));
  });

  scope.get('/api/bulk', { config: { needs: 'viewer' } }, async () => ({
    tasks: (await tasks.list()).map(bulkTaskView),
  }));

  scope.get('/api/bulk/:id', { config: { needs: 'viewer' } }, async (request) => {
    const id = readTaskId(request);
    return bulkTaskView((await tasks.get(id)) ?? noSuchTask(id));
  });

  for (const change of ['pause', 'resume', 'abort'] as const) {
    scope.post(`/api/bulk/:id/${change}`, { config: { needs: 'operator' } }, async (request) => {
      const id = readTaskId(request);
      const task = await tasks[change]({ id, by: actorOf(request).name });
      return bulkTaskView(task ?? noSuchTask(id));
    });
  }
}

/** @throws ProblemError 400 */
function readTaskId({ params }: FastifyRequest): string {
  const { id } = params as { id: string };
  if (/^[\w-]{1,100}$/.test(id)) return id;
  throw badRequest('This is no id of a bulk task.');
}

function noSuchTask(id: string): never {
  throw notFound(
    `There is no bulk task ${id}. Tasks that have ended are forgotten after a while; the audit log is not.`,
  );
}
