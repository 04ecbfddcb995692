export { openOutbox, type Outbox, type OutboxEvents } from './open-outbox.ts';
export { OutboxError } from './files/outbox-files.ts';
export type { PromisedOrder } from './files/outbox-row.ts';

export { deliverReceipts, keepReceipts, type KeptReceipt } from './receipts/kept-receipts.ts';

export type { OutboxLocation } from './files/claims.ts';
export { flushAbandoned, type FlushedFiles } from './flush/flush-abandoned.ts';
export {
  readOrders,
  surveyFiles,
  type ReadableOrder,
  type SurveyedFile,
  type UnreadableOrder,
} from './files/survey.ts';
