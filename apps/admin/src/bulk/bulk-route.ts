import { summaryOf } from '@proofbox/contract';
import {
  bulkIn,
  bulkPreview,
  bulkPreviewIn,
  bulkTask,
  bulkTasks,
  type BulkPreview,
} from '@proofbox/contract/admin';
import type { BulkTasks } from '@proofbox/ledger/operations';
import type { ZodServer } from '@proofbox/runtime';
import { z } from 'zod';
import { bulkTaskView } from './bulk-task-view.ts';
import { actorOf } from '../auth/guard.ts';
import { orderRow } from '../orders/order-view.ts';
import { notFound } from '../http/refusals.ts';

const taskPath = z.object({
  id: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'this is not the id of a bulk task')
    .describe("The task's id"),
});

const changes = {
  pause: 'Pause a bulk task',
  resume: 'Let a paused bulk task go on',
  abort: 'End a bulk task before its time',
};

/** `/api/bulk`: many orders at a time, at a rate, to be looked at first and stopped at any moment. */
export function bulkRoute(scope: ZodServer, { tasks }: { tasks: BulkTasks }): void {
  scope.post(
    '/api/bulk/preview',
    {
      schema: { body: bulkPreviewIn },
      config: {
        role: 'viewer',
        operationId: 'previewBulkTask',
        summary: 'What a bulk task would do',
        replies: { 200: ['How many orders, and a few of them', bulkPreview] },
      },
    },
    async ({ body }): Promise<BulkPreview> => {
      const preview = await tasks.preview(body.target);
      return { ...preview, sample: preview.sample.map((record) => orderRow(summaryOf(record))) };
    },
  );

  scope.post(
    '/api/bulk',
    {
      schema: { body: bulkIn },
      config: {
        role: 'operator',
        operationId: 'startBulkTask',
        summary: 'Replay or discard many orders, at a rate',
        replies: { 201: ['It has begun', bulkTask] },
        problems: [409],
      },
    },
    async (request, reply) => {
      const task = await tasks.create({ ...request.body, by: actorOf(request).name });
      return reply.code(201).header('Location', `/api/bulk/${task.id}`).send(bulkTaskView(task));
    },
  );

  scope.get(
    '/api/bulk',
    {
      config: {
        role: 'viewer',
        operationId: 'listBulkTasks',
        summary: 'Bulk tasks, newest first',
        replies: { 200: ['Those that are open, and those that ended lately', bulkTasks] },
      },
    },
    async () => ({
      tasks: (await tasks.list()).map(bulkTaskView),
    }),
  );

  scope.get(
    '/api/bulk/:id',
    {
      schema: { params: taskPath },
      config: {
        role: 'viewer',
        operationId: 'showBulkTask',
        summary: 'One bulk task',
        replies: { 200: ['How far it is', bulkTask] },
      },
    },
    async ({ params: { id } }) => {
      return bulkTaskView((await tasks.get(id)) ?? noSuchTask(id));
    },
  );

  for (const change of ['pause', 'resume', 'abort'] as const) {
    scope.post(
      `/api/bulk/:id/${change}`,
      {
        schema: { params: taskPath },
        config: {
          role: 'operator',
          operationId: `${change}BulkTask`,
          summary: changes[change],
          replies: { 200: ['The task as it is now', bulkTask] },
          problems: [409],
        },
      },
      async (request) => {
        const { id } = request.params;
        const task = await tasks[change]({ id, by: actorOf(request).name });
        return bulkTaskView(task ?? noSuchTask(id));
      },
    );
  }
}

function noSuchTask(id: string): never {
  throw notFound(
    `There is no bulk task ${id}. Proofbox forgets a task some time after it has ended; the audit log still has it.`,
  );
}
