import { expect, test } from 'vitest';
import { tailedTable } from './tailed-table.ts';
import { createPaint } from './terminal.ts';

const rows = [
  { cells: ['pb-1', 'dead'], tail: 'the oven door is stuck and nobody knows why' },
  { cells: ['pb-22', 'held'], tail: '' },
];

function table(width: number | undefined, isCut = true): string[] {
  const paint = createPaint({ hasColours: false });
  return tailedTable({ head: ['ID', 'STATE'], tailHead: 'LAST', rows, paint, width, isCut }).split('\n');
}

test('with room the text stands at the end of its line', () => {
  expect(table(undefined)).toEqual([
    'ID     STATE  LAST',
    'pb-1   dead   the oven door is stuck and nobody knows why',
    'pb-22  held',
  ]);
});

test('with less room it is cut to the width of the screen', () => {
  expect(table(50)[1]).toBe('pb-1   dead   the oven door is stuck and nobody k…');
  expect(table(50)[1]).toHaveLength(50);
});

test('with little room it stands below, and an empty one takes no line', () => {
  expect(table(40)).toEqual([
    'ID     STATE',
    'pb-1   dead',
    '    the oven door is stuck and nobody k…',
    'pb-22  held',
  ]);
  expect(table(40, false)[2]).toBe('    the oven door is stuck and nobody knows why');
});

test('colours take no room', () => {
  const paint = createPaint({ hasColours: true });
  const coloured = [{ cells: [paint('red', 'dead')], tail: 'x' }];
  const lines = tailedTable({
    head: ['STATE'],
    tailHead: 'LAST',
    rows: coloured,
    paint,
    width: 60,
    isCut: true,
  });
  expect(lines.split('\n')[1]).toBe(`${paint('red', 'dead')}   x`);
});
