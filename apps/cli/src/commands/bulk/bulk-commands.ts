import { bulkTask, bulkTasks, type BulkTask } from '@proofbox/contract/admin';
import type { Command } from 'commander';
import { bulkPath } from '../../api/bulk-path.ts';
import { openApi } from '../../api/open-api.ts';
import { bulkCsv, bulkEnd, bulkTable, bulkView } from './bulk-view.ts';
import { watchTask } from './bulk-watch.ts';
import { CommandFailure, exitCodes } from '../../session/command-failure.ts';
import { csvHead, csvRow } from '../../terminal/csv.ts';
import { addFormatOptions, type FormatOptions } from '../../options/format-options.ts';
import { invocation } from '../../session/invocation.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';

/** `proofbox bulk` */
export function defineBulk(bulk: Command, session: Session): void {
  bulk
    .description(
      'Bulk tasks replay or discard many dead letters, at a rate that you choose. `dead replay` and `dead discard` start them. ' +
        'They run in the admin server, whether or not you watch them.',
    )
    .addHelpText(
      'after',
      `
Examples:
  ${invocation} bulk list
  ${invocation} bulk watch <id>
`,
    );
  addList(bulk, session);
  const one = (name: string, summary: string, description: string): Command =>
    addFormatOptions(
      bulk.command(name).summary(summary).description(description).argument('<id>', 'the task'),
      {
        json: 'the task',
      },
    );
  one(
    'show',
    'how far one task is',
    'Shows one task: which orders it is for, how far it is, who began it and why.',
  ).action((id: string, options: FormatOptions) => showTask(session, id, options));
  one(
    'watch',
    'follow a task until it ends',
    'Follows a task until it ends: with a bar at a terminal, else with a line now and then. Ctrl-C stops the watching, not the task. ' +
      'It exits 1 when the task was aborted.',
  ).action((id: string, options: FormatOptions) => watch(session, id, options));
  for (const [deed, summary, description] of deeds)
    one(deed, summary, description).action((id: string, options: FormatOptions) =>
      changeTask(session, { id, deed }, options),
    );
}

const deeds = [
  ['pause', 'stop a task for now', 'Stops a task where it is, until an operator resumes it.'],
  ['resume', 'let a paused task go on', 'Lets a paused task go on where it stopped.'],
  [
    'abort',
    'end a task for good',
    'Ends a task at once. What it has replayed or discarded stays so; the rest stays as it is.',
  ],
] as const;

function addList(bulk: Command, session: Session): void {
  const list = bulk
    .command('list')
    .summary('which tasks there are')
    .description(
      'Lists the tasks that are under way, and the last hundred that have ended, the newest first.',
    );
  addFormatOptions(list, { json: '{tasks}', csv: true }).action((options: FormatOptions) =>
    listTasks(session, options),
  );
}

async function listTasks(session: Session, { json, csv }: FormatOptions): Promise<void> {
  const { out } = session.terminal;
  const all = await openApi(session).get('/api/bulk', bulkTasks);
  if (json) out(printableJson(all));
  else if (csv) out(csvHead(bulkCsv) + all.tasks.map((task) => csvRow(bulkCsv, task)).join(''));
  else
    out(all.tasks.length === 0 ? 'There are no bulk tasks.\n' : `${bulkTable(all.tasks, view(session))}\n`);
}

async function showTask(session: Session, id: string, options: FormatOptions): Promise<void> {
  show(session, await openApi(session).get(bulkPath(id), bulkTask), options);
}

async function changeTask(
  session: Session,
  { id, deed }: { id: string; deed: 'pause' | 'resume' | 'abort' },
  options: FormatOptions,
): Promise<void> {
  show(session, await openApi(session).post(bulkPath(id, deed), bulkTask, {}), options);
}

async function watch(session: Session, id: string, options: FormatOptions): Promise<void> {
  showEnd(session, await watchTask(session.terminal, openApi(session), id), options);
}

/** @throws CommandFailure when it was aborted */
export function showEnd({ terminal }: Session, task: BulkTask, { json }: FormatOptions): void {
  if (json) terminal.out(printableJson(task));
  if (task.state === 'aborted') throw new CommandFailure(exitCodes.failed, bulkEnd(task));
  if (!json) terminal.out(`${bulkEnd(task)}\n`);
}

function show(session: Session, task: BulkTask, { json }: FormatOptions): void {
  session.terminal.out(json ? printableJson(task) : bulkView(task, view(session)));
}

function view({ terminal, now }: Session) {
  return { paint: createPaint(terminal), now, width: terminal.width };
}
