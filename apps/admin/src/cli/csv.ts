import { printable } from './printable.ts';

type CsvCell = string | number | undefined;

/** How each column of a row of type T is called, and what stands in it. */
export type CsvColumns<T> = Record<string, (row: T) => CsvCell>;

/** The names of the columns, as the first line (RFC 4180). */
export function csvHead<T>(columns: CsvColumns<T>): string {
  return lineOf(Object.keys(columns));
}

export function csvRow<T>(columns: CsvColumns<T>, row: T): string {
  return lineOf(Object.values(columns).map((valueIn) => valueIn(row)));
}

function lineOf(cells: CsvCell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/**
 * A spreadsheet takes a text that begins like a formula for one, and would run it: an apostrophe says that it is a text.
 * Diners and factories choose some of these texts. A number of ours stays a number.
 */
function cellOf(value: CsvCell = ''): string {
  if (typeof value === 'number') return String(value);
  const clean = printable(value);
  const text = /^\s*[=+\-@＝＋－＠]/u.test(clean) ? `'${clean}` : clean;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
