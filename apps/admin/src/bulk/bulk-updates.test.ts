import type { BulkTask } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { watchBulkTasks } from './bulk-updates.ts';

test('whoever watches bulk tasks is not told by whose id orders were looked for', async () => {
  const task = { id: 'b-1', state: 'running', target: { filter: { diner: 'd@jwt.com', store: '7' } } };
  await using update = watchBulkTasks({
    tasks: { list: async () => [task as BulkTask] },
    intervalMs: 1,
    onError: () => {},
  });
  const received = await new Promise<BulkTask[]>((resolve) => {
    update.watch(resolve);
  });
  expect(received).toEqual([{ ...task, target: { filter: { diner: 'd•••@j•••', store: '7' } } }]);
});
