import Table from 'cli-table3';
import type { Paint } from './terminal.ts';

const noLines = Object.fromEntries(
  [
    ['top', 'top-mid', 'top-left', 'top-right'],
    ['bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ]
    .flat()
    .map((name) => [name, '']),
);

/** Rows under each other in aligned columns, without lines, so that a person and `grep` can both read them. */
export function columns(input: {
  head?: string[];
  rows: string[][];
  paint: Paint;
  /** Columns, counted from 0, whose numbers line up at the right. */
  numbers?: number[];
}): string {
  const { head, rows, paint, numbers = [] } = input;
  const all = head ? [head.map((each) => paint('bold', each)), ...rows] : rows;
  const table = new Table({
    chars: { ...noLines, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: (all[0] ?? []).map((_each, i) => (numbers.includes(i) ? 'right' : 'left')),
  });
  table.push(...all);
  return withoutTrailingBlanks(table.toString());
}

/** The same lines two blanks further to the right. */
export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function withoutTrailingBlanks(text: string): string {
  return text.replace(/(?<! ) +$/gm, '');
}
