import type { BulkPreview, BulkAction, BulkState, BulkTask } from '@proofbox/contract/admin';
import { bulkLabels, formatCount, doneOf, hasEnded, targetLabel } from './bulk-labels.ts';
import { columns, indented } from '../../terminal/columns.ts';
import type { CsvColumns } from '../../terminal/csv.ts';
import { inGroups, counted } from '../../terminal/format-number.ts';
import { orderTable } from '../orders/order-list-view.ts';
import { printable } from '@proofbox/runtime/printable';
import { tailedTable } from '../../terminal/tailed-table.ts';
import type { Paint, Style } from '../../terminal/terminal.ts';
import { formatAge, formatDuration, formatSpan, formatTime } from '../../terminal/format-time.ts';

type ViewOptions = { paint: Paint; now: number; width: number | undefined };

const styleOf: Record<BulkState, Style> = { running: 'green', paused: 'yellow', done: 'dim', aborted: 'red' };

/** One row for each task, the newest first. */
export function bulkTable(tasks: BulkTask[], { paint, now, width }: ViewOptions): string {
  const rows = printable(tasks).map((task) => ({
    cells: [
      task.id,
      paint(styleOf[task.state], task.state),
      task.action,
      `${inGroups(doneOf(task))} of ${formatCount(task.expected, task.isExpectedExact)}`,
      task.by,
      formatAge(Date.parse(task.createdAt), now),
    ],
    tail: `${targetLabel(task)}: ${task.why}`,
  }));
  const head = ['ID', 'STATE', 'ACTION', 'DONE', 'BY', 'SINCE'];
  return tailedTable({ head, tailHead: 'WHICH, AND WHY', rows, paint, width, isCut: true });
}

export const bulkCsv: CsvColumns<BulkTask> = {
  id: ({ id }) => id,
  state: ({ state }) => state,
  action: ({ action }) => action,
  which: targetLabel,
  rate: ({ rate }) => rate,
  expected: ({ expected }) => expected,
  moved: ({ moved }) => moved,
  unchanged: ({ unchanged }) => unchanged,
  missing: ({ missing }) => missing,
  by: ({ by }) => by,
  why: ({ why }) => why,
  createdAt: ({ createdAt }) => createdAt,
  endedAt: ({ endedAt }) => endedAt,
};

/** All that is to be known of one task. */
export function bulkView(shown: BulkTask, { paint, now }: ViewOptions): string {
  const task = printable(shown);
  const time = (at: string): string => formatTime(Date.parse(at), now);
  const rows = [
    ['State', paint(styleOf[task.state], task.state)],
    ...(task.trouble === undefined ? [] : [['Trouble', paint('yellow', task.trouble)]]),
    ['Action', `${task.action}, at ${counted(task.rate, 'order')} a second at most`],
    ['Which', targetLabel(task)],
    ['Done', `${inGroups(doneOf(task))} of ${formatCount(task.expected, task.isExpectedExact)}`],
    ['', `${inGroups(task.moved)} ${bulkLabels[task.action].done}`],
    ['', `${inGroups(task.unchanged)} already changed by others`],
    ...(task.missing === 0 ? [] : [['', `${counted(task.missing, 'id')} that name no order`]]),
    ...(task.state === 'running' ? [['Speed', `${inGroups(Math.round(task.ratePerSecond))} a second`]] : []),
    ['Begun', `${time(task.createdAt)} by ${task.by}`],
    ['Why', task.why],
    ...(task.endedAt === undefined ? [] : [['Ended', time(task.endedAt)]]),
  ];
  return `${paint('bold', `Bulk task ${task.id}`)}\n${indented(columns({ rows, paint }))}\n`;
}

/** How a task ended, in a sentence. */
export function bulkEnd(task: BulkTask): string {
  const { action, moved, unchanged, missing, createdAt, endedAt } = task;
  const took =
    endedAt === undefined ? '' : ` in ${formatDuration(Date.parse(endedAt) - Date.parse(createdAt))}`;
  const rest = [
    unchanged > 0 && `${inGroups(unchanged)} had already been changed by others.`,
    missing > 0 && `${counted(missing, 'id')} ${missing === 1 ? 'names' : 'name'} no order.`,
  ].filter(Boolean);
  const verb = hasEnded(task) && task.state === 'aborted' ? 'Aborted: ' : '';
  const sentence = `${verb}${bulkLabels[action].done} ${counted(moved, 'order')}${took}.`;
  return [`${sentence[0]!.toUpperCase()}${sentence.slice(1)}`, ...rest].join(' ');
}

/** What a task would do. */
export function previewView(
  preview: BulkPreview,
  task: { action: BulkAction; rate: number },
  options: ViewOptions,
): string {
  const { count, isExact, byReason, sample } = preview;
  const { paint } = options;
  const reasons = Object.entries(byReason)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, n]) => [reason, inGroups(n)]);
  const orders = count === 1 && isExact ? 'order' : 'orders';
  const seconds = Math.ceil(count / task.rate);
  const title = `${bulkLabels[task.action].order} ${formatCount(count, isExact)} ${orders}, at ${inGroups(task.rate)} a second: ${isExact ? '' : 'more than '}${formatSpan(seconds * 1_000)}`;
  const parts = [
    `${paint('bold', title)}\n${indented(columns({ rows: reasons, paint, numbers: [1] }))}\n`,
    ...(sample.length === 0
      ? []
      : [`${paint('bold', 'Some of them')}\n${indented(orderTable(sample, narrower(options)))}\n`]),
  ];
  return parts.join('\n');
}

function narrower(options: ViewOptions): ViewOptions {
  return options.width === undefined ? options : { ...options, width: options.width - 2 };
}
