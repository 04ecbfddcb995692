import { printableJsonLine } from '@proofbox/runtime/printable';
import { readStored, type StoredKind, type StoredOrder } from '@proofbox/outbox';
import type { Command } from 'commander';
import { invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { dirOption, spoolPlace, type DirOption } from './spool-place.ts';

type ExportOptions = DirOption & { journal?: boolean };

/** `proofbox spool export` */
export function addSpoolExport(spool: Command, session: Session): void {
  spool
    .command('export')
    .summary('the orders of a spool as JSON, one a line')
    .description(
      'Writes every order that waits in a spool or was set aside, one JSON value a line.\n' +
        'This contains personal data: names and e-mails of diners, and what they ordered. It has no receipts and no keys.',
    )
    .option(...dirOption)
    .option('--journal', 'the orders of the journals, too')
    .addHelpText(
      'after',
      `
Each line: {kind, file, order, ...}; kind is waiting, parked (with parkedAt and
why), journaled (with keptAt, and rest where it is known how the order came to
rest) or unreadable (with content in the place of order).
order: {id, source, dinerId, acceptedAt, deadlineAt, request}.
Times are in ms since the epoch. It changes nothing.
Run it as the user that the ingests run as.

Example:
  ${invocation} spool export > orders.ndjson
`,
    )
    .action((options: ExportOptions) => exportSpool(session, options));
}

function exportSpool(session: Session, options: ExportOptions): void {
  const place = spoolPlace(session, options);
  const kinds: StoredKind[] = ['waiting', 'parked', ...(options.journal ? (['journaled'] as const) : [])];
  for (const stored of readStored(place, kinds)) session.terminal.out(printableJsonLine(exported(stored)));
}

/** Without what recognises a repeat, which is ours, and without the receipt, which is the diner's. */
function exported(stored: StoredOrder): Record<string, unknown> {
  if (stored.kind === 'unreadable') return stored;
  const { id, source, dinerId, acceptedAt, deadlineMs, request } = stored.order;
  const order = { id, source, dinerId, acceptedAt, deadlineAt: acceptedAt + deadlineMs, request };
  if (stored.kind !== 'journaled' || stored.rest?.state !== 'fulfilled') return { ...stored, order };
  const { receipt: _receipt, ...rest } = stored.rest;
  return { ...stored, order, rest };
}
