import {
  describeRestore,
  type ReconcileFindings,
  type DatasetLoss,
  type RestoreProgress,
} from '@proofbox/ledger';
import { columns, indented } from '../../terminal/columns.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { formatDuration, formatTime } from '../../terminal/format-time.ts';

/** So many ids of each finding are shown. */
const shownIds = 5;

/** What a run found: the balance, then a line for each thing that does not fit. */
export function reconcileView(
  input: {
    findings: ReconcileFindings;
    loss: DatasetLoss | undefined;
    /** What was restored since the loss. */
    restored?: RestoreProgress | undefined;
    mended: boolean;
  },
  { paint, now }: { paint: Paint; now: number },
): string {
  const { findings, loss, restored, mended } = input;
  const { balance, durationMs } = findings;
  const rows = Object.entries(balance.states).map(([state, { counter, index }]) => [
    state,
    String(counter),
    String(index),
  ]);
  const table = columns({
    head: ['', 'counter', 'index'],
    rows: [['accepted', String(balance.accepted), String(balance.known)], ...rows],
    paint,
    numbers: [1, 2],
  });
  const lines = [
    ...(loss ? [`${lossLine(loss, now)} ${describeRestore(restored)}`] : []),
    ...findingLines(findings, mended),
  ];
  const conclusion =
    lines.length === 0
      ? `${paint('green', 'Everything fits')}: ${balance.accepted} orders, checked in ${formatDuration(durationMs)}.`
      : lines.map((line) => `${paint('red', '•')} ${line}`).join('\n');
  return `${indented(table)}\n\n${conclusion}\n${leftOver(findings)}`;
}

function findingLines(
  { balance, pending, delayed, indexes, jobs }: ReconcileFindings,
  mended: boolean,
): string[] {
  const { counters, indexes: byIndex, drift } = balance.difference;
  const done = mended ? ', mended' : '';
  return [
    difference(counters, 'by the counters'),
    difference(byIndex, 'by the indexes'),
    drift === 0 ? '' : `Counters and indexes differ by ${drift}${balance.mendedCounters > 0 ? done : ''}.`,
    found(indexes.lost, 'in an index without a record: lost'),
    found(
      indexes.misplaced.map(({ id }) => id),
      `wrong in the indexes${done}`,
    ),
    found(pending.requeued, `pending without a job${done}`),
    found(delayed, `delayed beyond their time by a wrong clock${done}`),
    found(jobs?.stray ?? [], `pending with a job that stands in no list${done}`),
    found(
      [...pending.reclaimed.map(({ id }) => id), ...pending.leftToWorker],
      'with an attempt that its worker has not ended; another worker will',
    ),
  ].filter((line) => line !== '');
}

function difference(orders: number, where: string): string {
  if (orders === 0) return '';
  return `The ledger does not balance ${where}: ${Math.abs(orders)} ${orders > 0 ? 'missing' : 'too many'}.`;
}

function found(ids: string[], what: string): string {
  if (ids.length === 0) return '';
  const more = ids.length > shownIds ? ', …' : '';
  const orders = ids.length === 1 ? '1 order is' : `${ids.length} orders are`;
  return `${orders} ${what}: ${ids.slice(0, shownIds).join(', ')}${more}.`;
}

function lossLine({ kind, noticedAt, acceptedBefore, acceptedAfter }: DatasetLoss, now: number): string {
  const what = kind === 'other_dataset' ? 'empty, or with other data' : 'with older data';
  return `Redis came back ${what}, noticed ${formatTime(noticedAt, now)}: it had at least ${acceptedBefore} accepted orders before, and ${acceptedAfter} after.`;
}

function leftOver({ jobs }: ReconcileFindings): string {
  const jobsLeft = (jobs?.withoutOrder ?? 0) + (jobs?.settled ?? 0);
  if (jobsLeft === 0) return '';
  return `${jobsLeft === 1 ? '1 job is' : `${jobsLeft} jobs are`} not needed any more; a worker that takes such a job drops it.\n`;
}
