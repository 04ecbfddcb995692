import { expect, test } from 'vitest';
import { columns, indented } from './columns.ts';
import { createPaint } from './terminal.ts';

const plain = createPaint({ hasColours: false });
const colourful = createPaint({ hasColours: true });
// oxlint-disable-next-line no-control-regex -- how colours are written
const colours = /\u001b\[\d+m/g;

test('columns line up, numbers at the right, and no line ends in blanks', () => {
  const table = columns({
    head: ['ID', 'ATTEMPTS', 'REASON'],
    rows: [
      ['pb-1', '7', 'rejected'],
      ['pb-22', '12', 'x'],
    ],
    numbers: [1],
    paint: plain,
  });
  expect(table.split('\n')).toEqual([
    'ID     ATTEMPTS  REASON',
    'pb-1          7  rejected',
    'pb-22        12  x',
  ]);
});

test('colours do not move a column', () => {
  const table = (paint: typeof plain): string =>
    columns({ head: ['STATE', 'ID'], rows: [[paint('red', 'dead'), 'pb-1']], paint });
  expect(table(colourful)).toMatch(colours);
  expect(table(colourful).replace(colours, '')).toBe(table(plain));
});

test('without colours there is not one escape sequence', () => {
  expect(plain('red', 'dead')).toBe('dead');
});

test('every line is indented, an empty one stays empty', () => {
  expect(indented('a\n\n b')).toBe('  a\n\n   b');
});
