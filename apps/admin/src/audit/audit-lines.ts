import type { AuditEntry } from '@proofbox/contract/admin';
import { printableJsonLine, printableLines } from '@proofbox/runtime';
import { csvCell } from '@proofbox/contract/admin';

export const contentTypeOf = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const;

const columns = ['id', 'at', 'by', 'action', 'subject', 'why', 'result', 'task'] as const;

/** The audit log as a file, line by line: JSON values, or CSV with a line of names before it (RFC 4180). */
export async function* auditLines(
  entries: AsyncIterable<AuditEntry>,
  format: keyof typeof contentTypeOf,
): AsyncGenerator<string, void> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  for await (const entry of entries) {
    yield format === 'csv'
      ? `${columns.map((column) => csvCell(printableLines(entry[column] ?? ''))).join(',')}\r\n`
      : printableJsonLine(entry);
  }
}
