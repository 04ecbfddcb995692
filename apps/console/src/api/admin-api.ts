import type { FactoryName } from '@proofbox/contract';
import {
  auditPage,
  bulkPreview,
  bulkTask,
  bulkTasks,
  changeResult,
  queuePauseView,
  factoryView,
  history,
  orderDetail,
  orderPage,
  overview,
  sessionView,
  type AuditFilter,
  type BulkAction,
  type BulkIn,
  type BulkTarget,
  type FactorySwitch,
  type OrderFilter,
  type ReplayIn,
} from '@proofbox/contract/admin';
import { z } from 'zod';
import { toQuery } from '../address/query.ts';
import { request } from './request.ts';

/** Every call of the admin API. Replies are parsed with the schemas of the contract. */

export type Sort = 'newest' | 'oldest';

const nothing = z.undefined();
const task = (id: string, act: string) => `/bulk/${encodeURIComponent(id)}/${act}`;
const order = (id: string, act = '') => `/orders/${encodeURIComponent(id)}${act}`;

export const adminApi = {
  session: (signal: AbortSignal) => request({ schema: sessionView, path: '/session', signal }),
  signIn: (token: string) =>
    request({ schema: sessionView, path: '/session', method: 'POST', body: { token } }),
  signOut: () => request({ schema: nothing, path: '/session', method: 'DELETE' }),

  overview: (signal: AbortSignal) => request({ schema: overview, path: '/overview', signal }),
  history: (hours: number, signal: AbortSignal) =>
    request({ schema: history, path: `/history${toQuery({ hours })}`, signal }),
  setPause: (body: { isPaused: boolean; why: string }) =>
    request({ schema: queuePauseView, path: '/queue', method: 'POST', body }),
  switchFactory: (name: FactoryName, body: { to: FactorySwitch; why: string }) =>
    request({ schema: factoryView, path: `/factories/${name}/switch`, method: 'POST', body }),

  orders: (
    query: OrderFilter & { sort: Sort; limit: number; cursor?: string | undefined },
    signal: AbortSignal,
  ) => request({ schema: orderPage, path: `/orders${toQuery(query)}`, signal }),
  order: (id: string, signal: AbortSignal) => request({ schema: orderDetail, path: order(id), signal }),
  reveal: (id: string, why: string) =>
    request({ schema: orderDetail, path: order(id, '/reveal'), method: 'POST', body: { why } }),
  replay: (id: string, body: ReplayIn) =>
    request({ schema: changeResult, path: order(id, '/replay'), method: 'POST', body }),
  discard: (id: string, why: string) =>
    request({ schema: changeResult, path: order(id, '/discard'), method: 'POST', body: { why } }),

  previewBulk: (body: { action: BulkAction; target: BulkTarget }) =>
    request({ schema: bulkPreview, path: '/bulk/preview', method: 'POST', body }),
  startBulk: (body: BulkIn) => request({ schema: bulkTask, path: '/bulk', method: 'POST', body }),
  bulkTasks: (signal: AbortSignal) => request({ schema: bulkTasks, path: '/bulk', signal }),
  pauseBulk: (id: string) => request({ schema: bulkTask, path: task(id, 'pause'), method: 'POST' }),
  resumeBulk: (id: string) => request({ schema: bulkTask, path: task(id, 'resume'), method: 'POST' }),
  abortBulk: (id: string) => request({ schema: bulkTask, path: task(id, 'abort'), method: 'POST' }),

  audit: (query: AuditFilter & { limit: number; cursor?: string | undefined }, signal: AbortSignal) =>
    request({ schema: auditPage, path: `/audit${toQuery(query)}`, signal }),
};

/** A link that downloads the audit log as a file. */
export function auditExportLink(format: 'csv' | 'ndjson', filter: AuditFilter): string {
  return `/api/audit/export${toQuery({ format, ...filter })}`;
}
