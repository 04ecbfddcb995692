import { linearScale, ticksUpTo, type Scale } from './scale.ts';
import type { Stage } from './stages.ts';
import { area, element, label, line } from './svg.ts';
import { clockTime, type Span } from './timeline.ts';

/** What became of one shop's orders. */
export type Panel = {
  key: string;
  name: string;
  /** The most important numbers, in a few words. */
  told: string;
  stages: readonly Stage[];
  deadSpans: readonly Span[];
  alarmMinute: number | undefined;
};

type Place = { x: Scale; lastMinute: number; most: number; top: number };
type Axes = Place & { y: Scale; bottom: number };

export const panelHeight = 190;
const tickEveryMinutes = 5;

/** Areas on top of one another: fulfilled, waiting, failed; together they are all orders placed so far. */
export function drawPanel(panel: Panel, place: Place): string {
  const bottom = place.top + panelHeight;
  const axes: Axes = { ...place, bottom, y: linearScale([0, place.most * 1.06], [bottom, place.top]) };
  const { x, top } = place;
  return element(
    'g',
    { id: panel.key },
    label(panel.name, { class: 'name', x: x(0), y: top - 9 }),
    label(panel.told, { class: 'quiet end', x: x(place.lastMinute), y: top - 9 }),
    drawGrid(axes),
    drawSeries(panel.stages, axes),
    drawDeadSpans(panel.deadSpans, axes),
    element('rect', {
      class: 'frame',
      x: x(0),
      y: top,
      width: x(place.lastMinute) - x(0),
      height: panelHeight,
    }),
    drawAlarm(panel.alarmMinute, axes),
  );
}

function drawDeadSpans(spans: readonly Span[], { x, top }: Axes): string {
  const shades = spans.map(({ from, to }) =>
    element('rect', { class: 'outage', x: x(from), y: top, width: x(to) - x(from), height: panelHeight }),
  );
  return element('g', {}, ...shades);
}

function drawGrid({ x, y, lastMinute, most, top, bottom }: Axes): string {
  const across = ticksUpTo(most).map(
    (count) =>
      element('path', { class: 'grid', d: `M${x(0)} ${y(count)}H${x(lastMinute)}` }) +
      label(String(count), { class: 'quiet end', x: x(0) - 8, y: y(count) + 4 }),
  );
  const minutes = Array.from(
    { length: Math.floor(lastMinute / tickEveryMinutes) + 1 },
    (_each, index) => index * tickEveryMinutes,
  );
  const up = minutes.map(
    (minute) =>
      element('path', { class: 'grid', d: `M${x(minute)} ${top}V${bottom + 5}` }) +
      label(clockTime(minute), { class: 'quiet middle', x: x(minute), y: bottom + 20 }),
  );
  const unit = label('orders', { class: 'quiet end', x: x(0) - 8, y: top - 9 });
  return element('g', {}, ...across, ...up, unit);
}

function drawSeries(stages: readonly Stage[], { x, y }: Axes): string {
  const heights = (of: (stage: Stage) => number) =>
    stages.map((stage) => [x(stage.minute), y(of(stage))] as const);
  const none = heights(() => 0);
  const fulfilled = heights((stage) => stage.fulfilled);
  const waiting = heights((stage) => stage.fulfilled + stage.waiting);
  const placed = heights((stage) => stage.placed);
  return element(
    'g',
    {},
    area(fulfilled, none, { class: 'fulfilled' }),
    area(waiting, fulfilled, { class: 'waiting' }),
    area(placed, waiting, { class: 'failed' }),
    line(placed, { class: 'placed' }),
  );
}

function drawAlarm(minute: number | undefined, { x, top, bottom }: Axes): string {
  if (minute === undefined) return '';
  return element(
    'g',
    {},
    element('path', { class: 'alarm', d: `M${x(minute)} ${top}V${bottom}` }),
    label(`first alarm ${clockTime(minute)}`, { class: 'alarm-word', x: x(minute) + 7, y: top + 18 }),
  );
}
