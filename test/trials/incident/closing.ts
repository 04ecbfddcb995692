import Table from 'cli-table3';
import { alarmsInWords } from './alarm.ts';
import type { Measures } from './measures.ts';
import type { Result } from './result.ts';

/** The result as a table, and how to read it. */
export function renderClosing({ speed, shops }: Pick<Result, 'speed' | 'shops'>): string {
  const table = new Table({
    head: ['', ...shops.map(({ name }) => name)],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
    // No line between two rows.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  const row = (what: string, told: (measures: Measures) => string | number): void =>
    void table.push([what, ...shops.map(({ measures }) => told(measures))]);
  row('orders placed', ({ placed }) => placed);
  row('failed for the diner', ({ failedForDiner }) => failedForDiner);
  row('lost', ({ lost }) => lost);
  row('dead letters', ({ dead }) => dead);
  row('delayed: fulfilled after the answer', ({ delayed }) => delayed);
  row('longest delay', ({ longestDelayMs }) => inSeconds(longestDelayMs));
  row('calls to the dead factory', ({ callsToDeadFactory }) => callsToDeadFactory);
  row('first alarm after', ({ firstAlarmAfterMs }) => inSeconds(firstAlarmAfterMs));
  row('recovered after its mending', ({ recoveredAfterMs }) => inSeconds(recoveredAfterMs));
  return `${table.toString()}
Seconds are of wall time; a minute of the incident takes ${(60 / speed).toFixed(speed > 60 ? 2 : 0)} s.
${alarmsInWords}`;
}

function inSeconds(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / 1_000).toFixed(1)} s`;
}
