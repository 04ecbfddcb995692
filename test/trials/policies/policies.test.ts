import { expect, test } from 'vitest';
import { rowsWith } from './options.ts';
import { tablesOf } from './page.ts';
import { runProofbox } from './run-proofbox.ts';
import { isBad, runRow } from './run-row.ts';

/** Of each kind of trouble one row that takes little time. */
const smallest = [
  'down-500/fallback/5x1',
  'down-400/alone/5x1',
  'down-hanging/fallback/5x1',
  'short-outage/alone/5x1',
  'flapping/alone/5x1',
  'random/alone/5x3',
  'throttled/alone/5x1',
  'one-429/alone/5x1',
  'one-in-ten-500/alone/5x1',
  'six-bad-400/alone/5x1',
  'one-order-403/fallback/5x1',
  'recovery/alone/5x3',
];
const options = { seed: 1, canaryIntervalMs: 0 };

test.each(rowsWith(smallest))('diners get no less with Proofbox than without it: $name', async (row) => {
  const result = await runRow(row, options);
  expect(result.proofbox.dead).toBe(0);
  expect(isBad(result) ? tablesOf([result]) : 'as promised').toBe('as promised');
});

test('the same seed gives the same result, another seed another one', async () => {
  const [row] = rowsWith(['random/alone/5x1']);
  const first = await runProofbox(row!, options);
  expect(await runProofbox(row!, options)).toEqual(first);
  expect(await runProofbox(row!, { ...options, seed: 2 })).not.toEqual(first);
});
