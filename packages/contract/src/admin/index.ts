export { csvCell } from './csv-cell.ts';
export { maskName, maskEmail, maskId } from './mask.ts';
export {
  auditActions,
  auditAction,
  auditEntry,
  auditPage,
  type AuditAction,
  type AuditEntry,
  type AuditFilter,
  type AuditPage,
} from './audit-entry.ts';
export {
  bulkRate,
  mostIds,
  bulkTarget,
  bulkPreviewIn,
  bulkPreview,
  bulkIn,
  bulkStates,
  bulkTask,
  bulkTasks,
  type BulkAction,
  type BulkTarget,
  type BulkPreview,
  type BulkIn,
  type BulkState,
  type BulkTask,
  type BulkTasks,
} from './bulk.ts';
export {
  factoryView,
  factoryViews,
  factorySwitch,
  factorySwitchIn,
  type FactoryView,
  type FactorySwitch,
} from './factory-view.ts';
export {
  replayIn,
  discardIn,
  revealIn,
  changeResult,
  type ReplayIn,
  type ChangeResult,
} from './order-change.ts';
export { reasonGiven } from './reason-given.ts';
export { largestPage, orderFilter, timeOf, type OrderFilter } from './order-filter.ts';
export {
  orderRow,
  orderPage,
  orderDetail,
  type DinerView,
  type AttemptView,
  type OrderRow,
  type OrderPage,
  type EditView,
  type NextStep,
  type OrderDetail,
} from './order-view.ts';
export {
  queuePauseView,
  queuePauseIn,
  overview,
  redisAway,
  historySample,
  history,
  type QueuePauseView,
  type Warning,
  type Overview,
  type RedisAway,
  type HistorySample,
  type History,
} from './overview.ts';
export { orderQuery, auditQuery, auditExportQuery, historyQuery } from './queries.ts';
export {
  roles,
  role,
  mayDo,
  signInIn,
  sessionView,
  sessionCookies,
  type Role,
  type SessionView,
} from './session.ts';
