import type { z } from 'zod';
import {
  auditPage,
  bulkIn,
  bulkPreview,
  bulkPreviewIn,
  bulkTask,
  bulkTasks,
  changeResult,
  discardIn,
  queuePauseIn,
  queuePauseView,
  factorySwitchIn,
  factoryView,
  factoryViews,
  history,
  orderDetail,
  orderPage,
  overview,
  replayIn,
  revealIn,
  sessionView,
  signInIn,
} from '../admin/index.ts';
import { problem } from '../problem.ts';

/** What each schema of the admin API's document is made of. */
export const adminSchemas = {
  SignIn: { schema: signInIn, io: 'input' },
  Session: { schema: sessionView, io: 'output' },
  OrderPage: { schema: orderPage, io: 'output' },
  OrderDetail: { schema: orderDetail, io: 'output' },
  Reveal: { schema: revealIn, io: 'input' },
  Replay: { schema: replayIn, io: 'input' },
  Discard: { schema: discardIn, io: 'input' },
  ChangeResult: { schema: changeResult, io: 'output' },
  BulkPreviewIn: { schema: bulkPreviewIn, io: 'input' },
  BulkPreview: { schema: bulkPreview, io: 'output' },
  BulkIn: { schema: bulkIn, io: 'input' },
  BulkTask: { schema: bulkTask, io: 'output' },
  BulkTasks: { schema: bulkTasks, io: 'output' },
  Factories: { schema: factoryViews, io: 'output' },
  FactorySwitch: { schema: factorySwitchIn, io: 'input' },
  Factory: { schema: factoryView, io: 'output' },
  QueuePauseIn: { schema: queuePauseIn, io: 'input' },
  QueuePause: { schema: queuePauseView, io: 'output' },
  Overview: { schema: overview, io: 'output' },
  History: { schema: history, io: 'output' },
  AuditPage: { schema: auditPage, io: 'output' },
  Problem: { schema: problem, io: 'output' },
} as const satisfies Record<string, { schema: z.ZodType; io: 'input' | 'output' }>;

export type SchemaName = keyof typeof adminSchemas;
