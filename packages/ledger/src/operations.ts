export { createOrderSearch, type OrderSearch } from './search/order-search.ts';

export type { DeadLetterSearch } from './bulk/bulk-search.ts';
export { createBulkTasks, type BulkTasks } from './bulk/bulk-tasks.ts';
export {
  createBulkLeases,
  type BulkLease,
  type BulkMove,
  type BulkBatch,
  type BulkLeases,
} from './bulk/bulk-leases.ts';

export { createAuditLog, type AuditLog } from './audit-log/audit-log.ts';

export { createSessionStore, type SessionStore } from './sessions/session-store.ts';
