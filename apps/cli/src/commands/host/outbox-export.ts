import { readOrders, type ReadableOrder, type UnreadableOrder } from '@proofbox/outbox';
import { printableJsonLine } from '@proofbox/runtime/printable';
import type { Command } from 'commander';
import { invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { dirOption, outboxLocation, type DirOption } from './outbox-location.ts';

type ExportOptions = DirOption & { delivered?: boolean };

/** `proofbox outbox export` */
export function addOutboxExport(outbox: Command, session: Session): void {
  outbox
    .command('export')
    .summary('the orders of an outbox as JSON, one a line')
    .description(
      'Writes every order that waits in an outbox for Redis or was set aside, one JSON value a line.\n' +
        'This contains personal data: names and e-mails of diners, and what they ordered. It has no receipts and no keys.',
    )
    .option(...dirOption)
    .option('--delivered', 'the second copies of delivered orders, too')
    .addHelpText(
      'after',
      `
Each line: {state, file, since, order, ...}; state is undelivered, delivered
(with settlement if the outbox knows how the order was settled) or conflicted
(with why). since: when the order came into that state. An order that cannot be
read has id and content instead of order.
order: {id, source, dinerId, acceptedAt, deadlineAt, request}.
Times are in ms since the epoch. The command changes nothing.
Run it as the user that ingest runs as.

Example:
  ${invocation} outbox export > orders.ndjson
`,
    )
    .action((options: ExportOptions) => exportOutbox(session, options));
}

function exportOutbox(session: Session, options: ExportOptions): void {
  const location = outboxLocation(session, options);
  const copies = options.delivered ? (['delivered'] as const) : [];
  for (const stored of readOrders(location, ['undelivered', 'conflicted', ...copies]))
    session.terminal.out(printableJsonLine(exported(stored)));
}

/** Without what recognises a repeat, which is ours, and without the receipt, which is the diner's. */
function exported(stored: ReadableOrder | UnreadableOrder): Record<string, unknown> {
  if (!('order' in stored)) return stored;
  const { id, source, dinerId, acceptedAt, deadlineMs, request } = stored.order;
  const order = { id, source, dinerId, acceptedAt, deadlineAt: acceptedAt + deadlineMs, request };
  if (stored.settlement?.state !== 'fulfilled') return { ...stored, order };
  const { receipt: _receipt, ...settlement } = stored.settlement;
  return { ...stored, order, settlement };
}
