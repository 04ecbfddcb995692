import { stripVTControlCharacters } from 'node:util';
import { columns } from './columns.ts';
import type { Paint } from './terminal.ts';

/** A row, and a text of any length that belongs to it. */
export type TailedRow = { cells: string[]; tail: string };

/** With less room than this at the end of a line, a tail gets a line of its own. */
const leastTail = 34;
const indent = '    ';

/**
 * A table with a text of any length for each row: at the end of its line, or, where the screen is too narrow for that, on
 * a line of its own below. A blank tail takes no line.
 * @param input.isCut tails that do not fit end in "…"; otherwise they wrap as the screen wraps them
 */
export function tailedTable(input: {
  head: string[];
  tailHead: string;
  rows: TailedRow[];
  numbers?: number[];
  paint: Paint;
  /** Of the screen, in characters; undefined: no line is too long. */
  width: number | undefined;
  isCut: boolean;
}): string {
  const { head, tailHead, rows, numbers = [], paint, width, isCut } = input;
  const lines = columns({ head, rows: rows.map(({ cells }) => cells), numbers, paint }).split('\n');
  const taken = Math.max(...lines.map(lengthOf)) + 2;
  const room = width === undefined ? Infinity : width - taken;
  const cutTo = (length: number, text: string): string => (isCut ? cut(text, length) : text);
  const [titles = '', ...body] = lines;
  if (room < leastTail) {
    const below = rows.map(({ tail }) => cutTo(width! - indent.length, tail));
    return [titles, ...body.flatMap((line, i) => [line, ...lineBelow(below[i]!, paint)])].join('\n');
  }
  const beside = (line: string, tail: string): string =>
    tail === '' ? line : `${line}${' '.repeat(taken - lengthOf(line))}${tail}`;
  return [
    beside(titles, paint('bold', tailHead)),
    ...body.map((line, i) => beside(line, cutTo(room, rows[i]!.tail))),
  ].join('\n');
}

function lineBelow(tail: string, paint: Paint): string[] {
  return tail === '' ? [] : [`${indent}${paint('dim', tail)}`];
}

function lengthOf(line: string): number {
  return stripVTControlCharacters(line).length;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, Math.max(0, length - 1))}…` : text;
}
