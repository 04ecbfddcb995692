import type { AuditEntry, AuditPage } from '@proofbox/contract/admin';
import type { CsvColumns } from '../../terminal/csv.ts';
import { printable } from '@proofbox/runtime/printable';
import { tailedTable } from '../../terminal/tailed-table.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { formatAge } from '../../terminal/format-time.ts';
import type { ListView } from '../../options/write-list.ts';

type ViewOptions = { paint: Paint; now: number; width: number | undefined };

const csv: CsvColumns<AuditEntry> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  by: ({ by }) => by,
  action: ({ action }) => action,
  subject: ({ subject }) => subject,
  why: ({ why }) => why,
  result: ({ result }) => result,
  task: ({ task }) => task,
};

export function auditListView(options: ViewOptions): ListView<AuditPage, AuditEntry> {
  return {
    name: 'entries',
    rowsIn: ({ entries }) => entries,
    csv,
    table: (entries) => logTable(entries, options),
    none: 'No entries match.',
    rest: () => ({}),
  };
}

function logTable(entries: AuditEntry[], { paint, now, width }: ViewOptions): string {
  const rows = printable(entries).map(({ at, by, action, subject, why, result, task }) => ({
    cells: [
      at.slice(0, 19).replace('T', ' '),
      formatAge(Date.parse(at), now),
      by,
      action.replaceAll('_', ' '),
      subject,
    ],
    tail: [why, result, task && `bulk task ${task}`].filter(Boolean).join('; '),
  }));
  const head = ['WHEN (UTC)', '', 'WHO', 'WHAT', 'TO'];
  return tailedTable({ head, tailHead: 'WHY', rows, paint, width, isCut: true });
}
