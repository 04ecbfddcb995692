import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { printablePieces } from './printable-pieces.ts';

const hostile = 'why\u001b[2J\u0007\u009b31m\u007f\u202e\u2028';
const obeyed = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

async function printed(pieces: string[], format: 'ndjson' | 'csv'): Promise<string> {
  let text = '';
  for await (const piece of printablePieces(Readable.from(pieces), format)) text += piece;
  return text;
}

test('an exported line of JSON gives a terminal no orders, and is the same value', async () => {
  const value = { why: hostile };
  // As a server would write it that escapes only what JSON must.
  const line = await printed([`${JSON.stringify(value)}\n`], 'ndjson');
  expect(line.trimEnd()).not.toMatch(obeyed);
  expect(JSON.parse(line)).toEqual(value);
});

test('an exported row of CSV gives a terminal no orders, and stays a row', async () => {
  const rows = await printed(['id,why\r\n1,', `"${hostile}\n"`, '\r', '\n2,a\rb\r\n'], 'csv');
  expect(rows.replaceAll(/\r?\n/g, '')).not.toMatch(obeyed);
  expect(rows).toMatch(/^id,why\r\n1,"why.*\n"\r\n2,a b\r\n$/);
});
