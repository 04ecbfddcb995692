import { drawRow, rowHeight, type Row } from './picture-row.ts';
import { element, label, titleOf } from './svg.ts';
import { clockTime, type Span } from './timeline.ts';

/** One for each way a page may look; the colours are those of GitHub's pages. */
export type Theme = keyof typeof themes;

const themes = {
  light: {
    page: '#ffffff',
    text: '#1f2328',
    quiet: '#59636e',
    outage: '#e6eaef',
    prompt: '#2da44e',
    late: '#e0a100',
    failed: '#cf222e',
  },
  dark: {
    page: '#0d1117',
    text: '#f0f6fc',
    quiet: '#9198a1',
    outage: '#262c36',
    prompt: '#3fb950',
    late: '#e3b341',
    failed: '#f85149',
  },
};

export type Picture = {
  rows: readonly Row[];
  /** When the factory was down. */
  deadSpans: readonly Span[];
  /** Up to this minute orders are placed. */
  lastMinute: number;
};

// It is shown on phones at less than half this size, so its texts are large and few.
const width = 840;
const margin = 20;
const top = 214;
const gap = 26;
const axisHeight = 48;

/** The incident as one small square for each order, a row of them for each shop. @returns the text of an SVG file */
export function drawPicture({ rows, deadSpans, lastMinute }: Picture, theme: Theme): string {
  const columnWidth = (width - 2 * margin) / lastMinute;
  const x = (minute: number) => margin + minute * columnWidth;
  const bottom = top + rows.length * (rowHeight + gap) - gap + 14;
  const height = bottom + axisHeight;
  const most = Math.max(1, ...rows.flatMap(({ columns }) => columns.map((column) => column.length)));
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, role: 'img' },
    titleOf(described(rows)),
    element('style', {}, styleOf(theme)),
    element('rect', { class: 'page', width, height, rx: 12 }),
    label('The pizza factory is down. Who gets a pizza?', { class: 'title', x: margin, y: 46 }),
    label('Each square is one order. Its colour is what the diner got:', {
      class: 'quiet',
      x: margin,
      y: 84,
    }),
    drawLegend(),
    ...deadSpans.map((span) => drawOutage({ span, x, bottom })),
    label('factory down', { class: 'quiet', x: x(deadSpans[0]?.from ?? 0) + 8, y: top - 24 }),
    ...rows.map((row, index) =>
      drawRow(row, { x, columnWidth, most, right: width - margin, top: top + index * (rowHeight + gap) }),
    ),
    ...axisMinutes(deadSpans, lastMinute).map((minute) =>
      label(clockTime(minute), {
        class: `quiet ${minute === lastMinute ? 'end' : 'middle'}`,
        x: x(minute),
        y: bottom + 32,
      }),
    ),
  )}\n`;
}

/** For those who do not see it. */
function described(rows: readonly Row[]): string {
  return `An outage of the pizza factory in three shops. ${rows.map(({ name, caption }) => `${name}: ${caption}.`).join(' ')}`;
}

const legend = [
  { series: 'prompt', caption: 'pizza at once' },
  { series: 'late', caption: 'ticket first, pizza later' },
  { series: 'failed', caption: 'no pizza' },
];

function drawLegend(): string {
  let at = margin;
  const entries = legend.map(({ series, caption }) => {
    const entry = element(
      'g',
      { transform: `translate(${at} 124)` },
      element('rect', { class: series, y: -19, width: 20, height: 20, rx: 3 }),
      label(caption, { x: 30 }),
    );
    at += 62 + caption.length * 11.4;
    return entry;
  });
  return element('g', {}, ...entries);
}

function drawOutage(options: { span: Span; x: (minute: number) => number; bottom: number }): string {
  const { span, x, bottom } = options;
  return element('rect', {
    class: 'outage',
    x: x(span.from),
    y: top - 56,
    width: x(span.to) - x(span.from),
    height: bottom - top + 56,
    rx: 4,
  });
}

/** When the first outage begins and ends, and when all is over: more would not fit. */
function axisMinutes([first]: readonly Span[], lastMinute: number): number[] {
  return [...(first ? [first.from, first.to] : []), lastMinute];
}

function styleOf(theme: Theme): string {
  const { page, text, quiet, outage, prompt, late, failed } = themes[theme];
  return `
  text { font: 24px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: ${text} }
  .title { font-size: 31px; font-weight: 600 }
  .name { font-weight: 600 }
  .quiet { fill: ${quiet} }
  .end { text-anchor: end }
  .middle { text-anchor: middle }
  .page { fill: ${page} }
  .outage { fill: ${outage} }
  .prompt { fill: ${prompt} }
  .late { fill: ${late} }
  .failed { fill: ${failed} }
`;
}
