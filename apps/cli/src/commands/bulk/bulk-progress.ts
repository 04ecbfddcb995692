import type { BulkTask } from '@proofbox/contract/admin';
import { bulkLabels, formatCount, doneOf } from './bulk-labels.ts';
import { inGroups } from '../../terminal/format-number.ts';
import { printable } from '@proofbox/runtime/printable';
import type { Paint } from '../../terminal/terminal.ts';
import { formatSpan } from '../../terminal/format-time.ts';

const longestBar = 40;
const shortestBar = 10;

/** One line for the screen: what, a bar, how many of how many, how fast, and how long it will take. */
export function progressLine(task: BulkTask, { paint, width }: { paint: Paint; width: number }): string {
  const title = task.state === 'paused' ? 'Paused' : bulkLabels[task.action].under;
  const text = facts(task).join('  ');
  const room = Math.min(longestBar, width - title.length - text.length - 5);
  const style = task.state === 'paused' || task.trouble !== undefined ? 'yellow' : 'green';
  const bar = room < shortestBar ? '' : `  ${drawn(task, room, (filled) => paint(style, filled))}`;
  const line = `${title}${bar}  ${text}`;
  return bar === '' ? line.slice(0, width - 1) : line;
}

/** The same as a sentence, for a file. */
export function progressSentence(task: BulkTask): string {
  const state = task.state === 'paused' ? 'paused: ' : '';
  return `${state}${bulkLabels[task.action].done} ${facts(task).join(', ')}`;
}

function facts(task: BulkTask): string[] {
  const { expected, isExpectedExact, ratePerSecond, trouble, state } = task;
  const share = shareOf(task);
  return [
    `${inGroups(doneOf(task))} of ${formatCount(expected, isExpectedExact)}`,
    ...(share === undefined ? [] : [`${percentOf(share)} %`]),
    ...(state === 'running' && ratePerSecond > 0 ? [`${inGroups(Math.round(ratePerSecond))}/s`] : []),
    ...(state === 'running' ? timeLeft(task) : []),
    ...(trouble === undefined ? [] : [printable(trouble)]),
  ];
}

function timeLeft(task: BulkTask): string[] {
  const left = task.expected - doneOf(task);
  if (!task.isExpectedExact || task.ratePerSecond <= 0 || left <= 0) return [];
  return [`${formatSpan(Math.ceil(left / task.ratePerSecond) * 1_000)} left`];
}

/** Undefined where nobody knows how many there are. */
function shareOf(task: BulkTask): number | undefined {
  if (!task.isExpectedExact) return undefined;
  return task.expected === 0 ? 1 : Math.min(1, doneOf(task) / task.expected);
}

function drawn(task: BulkTask, length: number, paint: (filled: string) => string): string {
  const filled = Math.floor((shareOf(task) ?? 0) * length);
  return `${paint('█'.repeat(filled))}${'░'.repeat(length - filled)}`;
}

/** 58 of 100 are 58 %, whatever floats make of it; only all of them are 100 %. */
function percentOf(share: number): number {
  return Math.floor(share * 100 + 1e-9);
}
