import type { Measures } from './measures.ts';
import type { RowResult } from './run-row.ts';

const head = [
  'fallback',
  'workers',
  'orders/s',
  'at once',
  'once',
  'retries',
  'p50',
  'p95',
  'max',
  'dead',
  'calls/order',
  'retries: calls/order',
  'bad ones dead',
  'dead calls (may)',
  'openings',
  'retries: dead calls',
  'full pace',
  'mark',
];

/** The rows of one scenario as a table in Markdown, as oxfmt would format it. */
export function tableOf(results: readonly RowResult[]): string {
  const lines = [head, ...results.map(cellsOf)];
  const widths = head.map((_name, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const [first, ...rest] = lines.map((cells) => lineOf(cells.map((cell, i) => cell.padEnd(widths[i]!))));
  return [first, lineOf(widths.map((width) => '-'.repeat(width))), ...rest].join('\n');
}

function lineOf(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cellsOf(result: RowResult): string[] {
  const { row, proofbox, once, retrying, breaker, fullPaceMs, badOnesDeadMs } = result;
  const isDown = fullPaceMs !== undefined;
  return [
    row.hasFallback ? 'yes' : 'no',
    String(row.workers),
    String(row.rate),
    percentAtOnce(proofbox),
    percentAtOnce(once),
    percentAtOnce(retrying),
    duration(proofbox.p50),
    duration(proofbox.p95),
    duration(proofbox.max),
    String(proofbox.dead),
    proofbox.callsPerOrder.toFixed(2),
    retrying.callsPerOrder.toFixed(2),
    badOnesDeadMs === undefined ? '' : duration(badOnesDeadMs),
    isDown ? `${proofbox.callsToDead} (${breaker.allowed})` : '',
    String(breaker.openings),
    isDown ? String(retrying.callsToDead) : '',
    isDown ? duration(fullPaceMs) : '',
    marksOf(result),
  ];
}

function marksOf({ proofbox, isBelow, isCostly, callsTooEarly, why }: RowResult): string {
  const marks = [
    proofbox.dead > 0 && 'loses orders',
    isBelow && (why === undefined ? 'below' : `below: ${why}`),
    isCostly && 'too many calls',
    callsTooEarly > 0 && `${callsTooEarly} calls too early`,
  ];
  return marks.filter(Boolean).join(', ');
}

function percentAtOnce({ atOnce, orders }: Measures): string {
  return `${((100 * atOnce) / orders).toFixed(1)} %`;
}

function duration(ms: number): string {
  if (ms === Infinity) return 'never';
  if (ms < 1_000) return `${ms.toFixed(0)} ms`;
  return ms < 600_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(0)} min`;
}
