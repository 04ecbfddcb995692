import { expect, test } from 'vitest';
import { csvHead, csvRow, type CsvColumns } from './csv.ts';

const columns: CsvColumns<{ text: string | undefined; n: number }> = {
  text: ({ text }) => text,
  n: ({ n }) => n,
};

test('a line of names, then rows; what is not there is an empty cell', () => {
  expect(csvHead(columns)).toBe('text,n\r\n');
  expect(csvRow(columns, { text: undefined, n: 1 })).toBe(',1\r\n');
});

test('no text is a formula for a spreadsheet, also behind another separator', () => {
  expect(csvRow(columns, { text: "a;=cmd|' /C calc'!A0", n: -1 })).toBe("a;'=cmd|' /C calc'!A0,-1\r\n");
  expect(csvRow(columns, { text: '\t=1+1', n: 1 })).toBe("' =1+1,1\r\n");
});

test('numbers of ours stay numbers, and texts stay in their cell', () => {
  expect(csvRow(columns, { text: 'a,b "c"\nd\u001b[2J', n: -1.5 })).toBe('"a,b ""c"" d [2J",-1.5\r\n');
});
