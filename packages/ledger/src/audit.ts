import type { FactoryName } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { createAuditLog } from './audit-log.ts';
import type { Names } from './names.ts';

/** What somebody did to a factory, and why. */
export type FactoryAuditEntry = {
  /** ms since the epoch */
  at: number;
  by: string;
  action: 'force_open' | 'force_closed' | 'auto';
  factory: FactoryName;
  why: string;
};

/** Adds an entry to the audit log; its subject is `factory:<name>`, where an order's is the order's id. */
export async function auditFactory(
  { redis, names }: { redis: Redis; names: Names },
  { at, by, action, factory, why }: FactoryAuditEntry,
): Promise<void> {
  await createAuditLog({ redis, names }).append({ at, by, action, subject: `factory:${factory}`, why });
}
