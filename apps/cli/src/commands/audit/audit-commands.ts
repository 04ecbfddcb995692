import { auditActions, auditPage, type AuditAction, type AuditPage } from '@proofbox/contract/admin';
import { Option, type Command } from 'commander';
import type { ApiQuery } from '../../api/api-client.ts';
import { followPages } from '../../api/follow-pages.ts';
import { openApi } from '../../api/open-api.ts';
import { invocation } from '../../session/invocation.ts';
import { listOption } from '../../options/list-option.ts';
import { addListOptions, limitOf, type ListOptions } from '../../options/list-options.ts';
import { auditListView } from './audit-view.ts';
import { readMoment } from '../../options/moment.ts';
import { printablePieces } from '../../terminal/printable-pieces.ts';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';
import { writeList } from '../../options/write-list.ts';

type LogFilter = { by?: string; action?: AuditAction[]; subject?: string; from?: string; to?: string };
type ExportOptions = LogFilter & { format: 'ndjson' | 'csv' };

/** Nobody looks for what this version has no name for. */
const nameableActions = auditActions.filter((each) => each !== 'unknown');

/** `proofbox audit` */
export function defineAudit(log: Command, session: Session): void {
  log.description(
    'The audit log: who did what, to which order, factory or task, and why. Entries are added and never changed.',
  );
  const list = log
    .command('list')
    .summary('who did what, the newest first')
    .description('Lists what people did, the newest first.');
  addAuditFilter(list, session);
  addListOptions(list, { json: '{entries, nextCursor}' })
    .addHelpText(
      'after',
      `
Examples:
  ${invocation} audit list --by ann --since 1d
  ${invocation} audit list --action discard,bulk_start
  ${invocation} audit list --subject factory:primary
`,
    )
    .action((options: LogFilter & ListOptions) => listLog(session, options));
  const whole = log
    .command('export')
    .summary('the whole audit log as a file')
    .description(
      'Writes the audit log to the output, the oldest first, however large it is. Needs the role admin. The exit code is not 0 when the file is incomplete.',
    );
  addAuditFilter(whole, session);
  whole
    .addOption(
      new Option('--format <format>', 'one JSON value on each line, or rows for a spreadsheet')
        .choices(['ndjson', 'csv'])
        .default('ndjson'),
    )
    .addHelpText(
      'after',
      `
Example:
  ${invocation} audit export --format csv > audit.csv
`,
    )
    .action((options: ExportOptions) => exportLog(session, options));
}

function addAuditFilter(command: Command, { now }: Session): void {
  const options = [
    new Option('--by <name>', 'who did it'),
    listOption('--action <actions>', 'what they did', nameableActions),
    new Option(
      '--subject <subject>',
      "to what: an order's id, factory:<name>, bulk:<id>, queue, dataset or session",
    ),
    new Option('--since, --from <time>', 'from this time on: 2h or 3d (ago), or an ISO 8601 time').argParser(
      (text: string) => readMoment(text, now),
    ),
    new Option('--to <time>', 'before this time, in the same formats').argParser((text: string) =>
      readMoment(text, now),
    ),
  ];
  for (const option of options) command.addOption(option.helpGroup('Which entries:'));
}

async function listLog(session: Session, options: LogFilter & ListOptions): Promise<void> {
  const { terminal, now } = session;
  const api = openApi(session);
  const pages = followPages<AuditPage>({
    read: ({ cursor, limit }) => api.get('/api/audit', auditPage, { ...queryOf(options), limit, cursor }),
    rowsIn: ({ entries }) => entries.length,
    limit: limitOf(options),
    after: options.after,
  });
  const view = auditListView({ paint: createPaint(terminal), now, width: terminal.width });
  await writeList(terminal, { pages, format: options, view });
}

async function exportLog(session: Session, options: ExportOptions): Promise<void> {
  const { out, drained } = session.terminal;
  const api = openApi(session);
  const { format } = options;
  const pieces = api.stream('/api/audit/export', { ...queryOf(options), format });
  for await (const piece of printablePieces(pieces, format)) {
    out(piece);
    await drained();
  }
}

function queryOf({ by, action, subject, from, to }: LogFilter): ApiQuery {
  return { by, action, subject, from, to };
}
