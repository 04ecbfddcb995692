import Table from 'cli-table3';
import type { Result } from './result.ts';

/** The result as a table, and what was seen in one sentence. */
export function renderClosing(result: Result): string {
  return `${renderTable(result)}\n\n${sentenceOf(result)}`;
}

function renderTable({ tally, refusals, synchronous }: Result): string {
  const table = new Table({
    head: ['', 'Proofbox', 'synchronous client'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [] },
    // No line between two rows.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  const none = '-';
  table.push(
    ['orders placed', tally.accepted + refusals.length, synchronous.placed + synchronous.lost],
    ['accepted', tally.accepted, none],
    ['  with a ticket at first', tally.tickets, none],
    ['fulfilled', tally.fulfilled, synchronous.placed],
    ['  by the primary', tally.byFactory.primary, synchronous.placed],
    ['  by the fallback', tally.byFactory.fallback, none],
    ['longest delay', inSeconds(tally.longestDelayMs), none],
    ['lost', tally.lost.length, synchronous.lost],
    ['dead letters', tally.dead, none],
    ['duplicates', tally.duplicates.length, none],
  );
  return table.toString();
}

function sentenceOf({ tally, refusals, synchronous }: Result): string {
  const { accepted, fulfilled, dead } = tally;
  const theirs = `The synchronous client lost ${synchronous.lost} of ${synchronous.placed + synchronous.lost} orders`;
  const delay = inSeconds(tally.longestDelayMs);
  if (fulfilled === accepted && refusals.length === 0 && tally.duplicates.length === 0) {
    return `${theirs}; Proofbox lost none: it fulfilled all ${accepted}, each once, the slowest after ${delay}.`;
  }
  const ours = `fulfilled ${fulfilled} of the ${accepted} it accepted (lost ${tally.lost.length}, dead letters ${dead}, duplicates ${tally.duplicates.length})`;
  return `${theirs}; Proofbox ${ours} and did not accept ${refusals.length}.`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
