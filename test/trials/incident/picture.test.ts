import { expect, test } from 'vitest';
import { rowOf } from './picture-file.ts';
import { drawPicture } from './picture.ts';
import { startClock } from './timeline.ts';

const clock = startClock(60, 0);

function placed(second: number, fate: 'fulfilled' | 'refused' | 'lost', endedAfterSeconds: number) {
  const placedAt = second * 1_000;
  return {
    placedAt,
    answeredAt: placedAt + 50,
    fate,
    endedAt: placedAt + endedAfterSeconds * 1_000,
    isDinerServed: fate === 'fulfilled',
  };
}

const purchases = [
  placed(1.5, 'refused', 0.05),
  placed(0.5, 'fulfilled', 0.05),
  placed(1.6, 'fulfilled', 1.6),
  placed(2.5, 'lost', Infinity),
];

test('each minute shows what its diners got, the pizza at once first', () => {
  const { columns, caption } = rowOf({ key: 'synchronous', purchases }, clock);
  expect(columns.slice(0, 4)).toEqual([['prompt'], ['late', 'failed'], ['failed'], []]);
  expect(caption).toBe('2 of 4 orders failed');
});

test('a shop that failed nobody says how many waited', () => {
  const served = purchases.filter(({ isDinerServed }) => isDinerServed);
  expect(rowOf({ key: 'proofbox', purchases: served }, clock).caption).toBe('none failed, 1 waited');
});

test('every order is a square, in light and in dark', () => {
  const row = rowOf({ key: 'proofbox', purchases }, clock);
  for (const theme of ['light', 'dark'] as const) {
    const svg = drawPicture({ rows: [row], deadSpans: [{ from: 1, to: 3 }], lastMinute: 50 }, theme);
    expect(svg.slice(svg.indexOf('<g id="proofbox">')).match(/<rect/g)).toHaveLength(purchases.length);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  }
});

test('names cannot break the file', () => {
  const row = { key: 'a', name: '<b> & "c"', caption: '', columns: [] };
  expect(drawPicture({ rows: [row], deadSpans: [], lastMinute: 1 }, 'light')).toContain(
    '&lt;b&gt; &amp; &quot;c&quot;',
  );
});
