import { expect, test } from 'vitest';
import { drawChart } from './chart.ts';
import type { Panel } from './chart-panel.ts';
import { ticksUpTo } from './scale.ts';
import { stagesOf } from './stages.ts';
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
  placed(0.5, 'fulfilled', 0.1),
  placed(1.5, 'fulfilled', 1.6),
  placed(1.5, 'refused', 0.1),
  placed(2.5, 'lost', Infinity),
];

test('each minute shows what became of the orders placed until then', () => {
  expect(stagesOf(purchases, clock, 4)).toEqual([
    { minute: 0, placed: 0, fulfilled: 0, waiting: 0, failed: 0 },
    { minute: 1, placed: 1, fulfilled: 1, waiting: 0, failed: 0 },
    { minute: 2, placed: 3, fulfilled: 1, waiting: 1, failed: 1 },
    { minute: 3, placed: 4, fulfilled: 1, waiting: 2, failed: 1 },
    { minute: 4, placed: 4, fulfilled: 2, waiting: 1, failed: 1 },
  ]);
});

function aPanel(changes: Partial<Panel> = {}): Panel {
  return {
    key: 'a-shop',
    name: 'A shop',
    told: '4 placed',
    stages: stagesOf(purchases, clock, 4),
    deadSpans: [{ from: 1, to: 3 }],
    alarmMinute: 1.25,
    ...changes,
  };
}

test('each panel has every series, the outage and the first alarm', () => {
  const svg = drawChart({ title: 'Title', subtitle: '', panels: [aPanel(), aPanel({ key: 'another' })] });
  for (const id of ['a-shop', 'another']) {
    const panel = svg.slice(svg.indexOf(`<g id="${id}">`));
    for (const series of ['fulfilled', 'waiting', 'failed', 'placed', 'alarm'])
      expect(panel).toMatch(new RegExp(`<path class="${series}" d="M[^"]+"/>`));
    expect(panel).toContain('<rect class="outage"');
    expect(panel).toContain('first alarm 18:46');
  }
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('a shop without an alarm has no mark of one', () => {
  const svg = drawChart({ title: 'Title', subtitle: '', panels: [aPanel({ alarmMinute: undefined })] });
  expect(svg.slice(svg.indexOf('<g id="a-shop">'))).not.toContain('alarm');
});

test('names cannot break the file', () => {
  const svg = drawChart({ title: '<b> & "c"', subtitle: '', panels: [aPanel()] });
  expect(svg).toContain('<title>&lt;b&gt; &amp; &quot;c&quot;</title>');
});

test.for([
  [75, [0, 20, 40, 60]],
  [250, [0, 50, 100, 150, 200, 250]],
  [4, [0, 1, 2, 3, 4]],
  [1, [0, 1]],
] as const)('the ticks up to %i are round numbers', ([max, ticks]) => {
  expect(ticksUpTo(max)).toEqual(ticks);
});
