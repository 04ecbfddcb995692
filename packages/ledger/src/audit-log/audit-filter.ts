import type { AuditEntry, AuditFilter } from '@proofbox/contract/admin';

/** Whether an entry is one that the filter asks for. `from` is a part of the time asked for, and `to` is not. */
export function createAuditFilter(filter: AuditFilter): (entry: AuditEntry) => boolean {
  const from = filter.from === undefined ? -Infinity : Date.parse(filter.from);
  const to = filter.to === undefined ? Infinity : Date.parse(filter.to);
  return ({ at, by, action, subject }) => {
    const time = Date.parse(at);
    return (
      time >= from &&
      time < to &&
      (filter.by === undefined || by === filter.by) &&
      (filter.action?.includes(action) ?? true) &&
      (filter.subject === undefined || subject === filter.subject)
    );
  };
}
