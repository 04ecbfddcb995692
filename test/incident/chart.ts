import { drawPanel, panelHeight, type Panel } from './chart-panel.ts';
import { linearScale } from './scale.ts';
import { element, label, titleOf } from './svg.ts';

export type Chart = {
  title: string;
  subtitle: string;
  panels: readonly Panel[];
};

const width = 1_000;
const left = 64;
const right = width - 24;
const top = 128;
const gap = 62;

const style = `
  text { font: 13px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #333 }
  .title { font-size: 21px; font-weight: 600; fill: #111 }
  .name { font-size: 15px; font-weight: 600; fill: #111 }
  .quiet { fill: #666 }
  .end { text-anchor: end }
  .middle { text-anchor: middle }
  .frame { fill: none; stroke: #bbb }
  .grid { stroke: #e4e4e4 }
  .outage { fill: #201040; fill-opacity: 0.13 }
  .fulfilled { fill: #3a9d78 }
  .waiting { fill: #efb63e }
  .failed { fill: #c8423f }
  .placed { fill: none; stroke: #111; stroke-width: 1.6 }
  .alarm { stroke: #5b2bb5; stroke-width: 1.6; stroke-dasharray: 4 3 }
  text.alarm-word { fill: #5b2bb5; font-weight: 600; paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round }
`;

const legend = [
  { series: 'placed', told: 'placed' },
  { series: 'failed', told: 'failed for the diner, or lost' },
  { series: 'waiting', told: 'waiting' },
  { series: 'fulfilled', told: 'fulfilled' },
  { series: 'outage', told: 'the factory is dead' },
  { series: 'alarm', told: 'first alarm' },
];

/** Small multiples, one below the other, all with the same axes. @returns the text of an SVG file */
export function drawChart({ title, subtitle, panels }: Chart): string {
  const stages = panels.flatMap((panel) => panel.stages);
  const lastMinute = Math.max(...stages.map(({ minute }) => minute));
  const most = Math.max(1, ...stages.map(({ placed }) => placed));
  const height = top + panels.length * (panelHeight + gap) - 18;
  const x = linearScale([0, lastMinute], [left, right]);
  const drawn = panels.map((panel, index) =>
    drawPanel(panel, { x, most, lastMinute, top: top + index * (panelHeight + gap) }),
  );
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
  };
  return `${element(
    'svg',
    attributes,
    titleOf(title),
    element('style', {}, style),
    element('rect', { width, height, fill: '#fff' }),
    label(title, { class: 'title', x: left, y: 36 }),
    label(subtitle, { class: 'quiet', x: left, y: 58 }),
    drawLegend(),
    ...drawn,
  )}\n`;
}

function drawLegend(): string {
  let at = left;
  const entries = legend.map(({ series, told }) => {
    const entry = element(
      'g',
      { transform: `translate(${at} 84)` },
      isLine(series)
        ? element('path', { class: series, d: 'M0 -5H18' })
        : element('rect', { class: series, y: -11, width: 18, height: 12 }),
      label(told, { x: 24 }),
    );
    at += 58 + told.length * 6.6;
    return entry;
  });
  return element('g', {}, ...entries);
}

function isLine(series: string): boolean {
  return series === 'placed' || series === 'alarm';
}
