import { expect, test } from 'vitest';
import { csvCell } from './csv-cell.ts';

test.for<[text: string, cell: string]>([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['  =1+1', "'  =1+1"],
  ['\u00a0=1+1', "'\u00a0=1+1"],
  ['\u200b=1+1', "'\u200b=1+1"],
  ['＝1+1', "'＝1+1"],
  ['﹦1+1', "'﹦1+1"],
  ['−1', "'−1"],
  ['\tx', "'\tx"],
  ['\rx', '"\'\rx"'],
  ['"=1', '"\'""=1"'],
  ["a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"],
  ['a; =1', "a;' =1"],
  ['a;;=1', "a;;'=1"],
  ['a;"=1"', '"a;\'""=1"""'],
  ['a;＋1', "a;'＋1"],
  ['a\t=1', "a\t'=1"],
  ['a|@SUM(1)', "a|'@SUM(1)"],
  ['a\n=1', '"a\n\'=1"'],
  ['a\r\n-1', '"a\r\n\'-1"'],
  ['a,=1', '"a,\'=1"'],
])('%j is no formula, whatever separates the cells', ([text, cell]) => {
  expect(csvCell(text)).toBe(cell);
});

test.for(['pb-1', 'a;b', 'a = b', 'x-y', 'why? 1+1', 'd@jwt.com', '2026-11-28T09:00:00.000Z'])(
  '%s stays as it is',
  (text) => {
    expect(csvCell(text)).toBe(text);
  },
);
