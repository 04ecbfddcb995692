import type { DeadLetter } from '@proofbox/contract';
import { outcomeInWords, remarksOn } from './attempt-words.ts';
import { columns } from './columns.ts';
import type { DeadLetterPage } from './dead-letter-page.ts';
import { printable } from './printable.ts';
import type { Paint } from './terminal.ts';
import { ageInWords } from './time-words.ts';

const head = ['ID', 'STATE', 'REASON', 'DINER', 'ATTEMPTS', 'SINCE', 'LAST ATTEMPT'];
/** What the other columns take of a line, more or less, and the least that tells anything. */
const otherColumns = 86;
const shortestCut = 30;

/** `width`: of the screen, in characters; undefined: nothing is cut. */
type ViewOptions = { paint: Paint; now: number; width: number | undefined };

/** One row for each dead letter, and how to see more. */
export function deadListView(page: DeadLetterPage, options: ViewOptions): string {
  if (page.deadLetters.length === 0) return 'No dead letters match.\n';
  const rows = printable(page.deadLetters).map((each) => row(each, options));
  const table = columns({ head, rows, paint: options.paint, numbers: [4] });
  const more = page.nextCursor === undefined ? '' : `\nThere are more: add --after ${page.nextCursor}\n`;
  return `${table}\n${more}`;
}

function row(letter: DeadLetter, { paint, now, width }: ViewOptions): string[] {
  return [
    letter.id,
    paint(letter.state === 'dead' ? 'red' : 'yellow', letter.state),
    letter.reason,
    letter.dinerId,
    String(letter.attempts),
    ageInWords(letter.updatedAt, now),
    width === undefined ? lastAttempt(letter) : cut(lastAttempt(letter), width - otherColumns),
  ];
}

function lastAttempt({ lastAttempt: last }: DeadLetter): string {
  if (last === undefined) return 'never tried';
  return [`${last.factory}: ${outcomeInWords(last)}`, remarksOn(last)].filter(Boolean).join(': ');
}

function cut(text: string, wanted: number): string {
  const length = Math.max(shortestCut, wanted);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
