import { auditAction, type AuditEntry } from '@proofbox/contract/admin';

/** An entry as Redis gives it: its id in the log, and its fields one after the other. */
export type StoredEntry = [entryId: string, fields: string[]];

/**
 * Reads an entry of this release, of an older or of a newer one. It never fails: what cannot be read is shown as far as it
 * can be, because a log that hides an entry is none.
 */
export function readAuditEntry([entryId, fields]: StoredEntry): AuditEntry {
  const stored: Partial<Record<string, string>> = Object.fromEntries(pairs(fields));
  const action = auditAction.safeParse(stored['action']).data ?? 'unknown';
  const result = action === 'unknown' ? joinFields(fields) : stored['result'];
  return {
    id: entryId,
    at: timeOf(stored['at']) ?? timeOf(entryId.split('-')[0]) ?? new Date(0).toISOString(),
    by: stored['by'] ?? 'unknown',
    action,
    subject: stored['subject'] ?? 'unknown',
    why: stored['reason'] ?? stored['why'] ?? '',
    ...(result !== undefined && { result }),
    ...(stored['task'] !== undefined && { task: stored['task'] }),
  };
}

function pairs(fields: string[]): [string, string][] {
  return Array.from({ length: fields.length >> 1 }, (_each, i) => [fields[2 * i]!, fields[2 * i + 1]!]);
}

function joinFields(fields: string[]): string {
  const values = pairs(fields).map(([name, value]) => `${name}=${value}`);
  return `an entry of another release: ${values.join(' ')}`.slice(0, 1_000);
}

function timeOf(ms: string | undefined): string | undefined {
  const time = new Date(ms === undefined ? NaN : Number(ms));
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
