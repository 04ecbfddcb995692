import type { DeadLetter } from '@proofbox/contract';
import { outcomeInWords, remarksOn } from './attempt-words.ts';
import { columns } from './columns.ts';
import type { DeadLetterPage } from './dead-letter-page.ts';
import { printable } from './printable.ts';
import type { Paint } from './terminal.ts';
import { ageInWords } from './time-words.ts';

const head = ['ID', 'STATE', 'REASON', 'DINER', 'ATTEMPTS', 'SINCE', 'LAST ATTEMPT'];
const longestRemark = 60;

/** One row for each dead letter, and how to see more. */
export function deadListView(page: DeadLetterPage, options: { paint: Paint; now: number }): string {
  if (page.deadLetters.length === 0) return 'No dead letters match.\n';
  const rows = printable(page.deadLetters).map((each) => row(each, options));
  const table = columns({ head, rows, paint: options.paint, numbers: [4] });
  const more = page.nextCursor === undefined ? '' : `\nThere are more: add --after ${page.nextCursor}\n`;
  return `${table}\n${more}`;
}

function row(letter: DeadLetter, { paint, now }: { paint: Paint; now: number }): string[] {
  return [
    letter.id,
    paint(letter.state === 'dead' ? 'red' : 'yellow', letter.state),
    letter.reason,
    letter.dinerId,
    String(letter.attempts),
    ageInWords(letter.updatedAt, now),
    lastAttempt(letter),
  ];
}

function lastAttempt({ lastAttempt: last }: DeadLetter): string {
  if (last === undefined) return 'never tried';
  const text = [`${last.factory}: ${outcomeInWords(last)}`, remarksOn(last)].filter(Boolean).join(': ');
  return text.length > longestRemark ? `${text.slice(0, longestRemark - 1)}…` : text;
}
