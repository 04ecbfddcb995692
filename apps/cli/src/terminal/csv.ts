import { printable } from '@proofbox/runtime/printable';
import { csvCell } from '@proofbox/contract/admin';

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

function cellOf(value: CsvCell = ''): string {
  return typeof value === 'number' ? String(value) : csvCell(printable(value));
}
