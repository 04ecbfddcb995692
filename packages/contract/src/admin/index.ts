export * from './audit-entry.ts';
export * from './bulk.ts';
export * from './factory-view.ts';
export * from './order-change.ts';
export * from './order-filter.ts';
export * from './order-view.ts';
export * from './overview.ts';
export * from './session.ts';
