import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import type { Names } from './names.ts';

/** What somebody did to a factory, and why. Entries about orders have the same fields (lua/prelude.lua). */
export type FactoryAuditEntry = {
  /** ms since the epoch */
  at: number;
  by: string;
  action: 'force_open' | 'force_closed' | 'auto';
  factory: FactoryName;
  why: string;
};

/** Adds an entry to the audit stream; its subject is `factory:<name>`, where an order's is the order's id. */
export async function auditFactory(
  { redis, names }: { redis: Redis; names: Names },
  { at, by, action, factory, why }: FactoryAuditEntry,
): Promise<void> {
  const entry = { at, by, action, subject: `factory:${factory}`, reason: why };
  await redis.xadd(names.audit, '*', ...Object.entries(entry).flat());
}
