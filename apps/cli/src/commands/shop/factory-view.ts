import type { FactoryCondition } from '@proofbox/contract';
import type { FactoryView } from '@proofbox/contract/admin';
import { columns, indented } from '../../terminal/columns.ts';
import { counted } from '../../terminal/format-number.ts';
import { printable } from '@proofbox/runtime/printable';
import type { Paint, Style } from '../../terminal/terminal.ts';
import { formatDuration, formatTime } from '../../terminal/format-time.ts';

type ViewOptions = { paint: Paint; now: number };

/** Each factory of the fleet. */
export function factoriesView(factories: FactoryView[], options: ViewOptions): string {
  return factories.map((each) => factoryView(each, options)).join('\n');
}

/** All that is to be known of one factory, for a person. */
export function factoryView(shown: FactoryView, options: ViewOptions): string {
  const factory = printable(shown);
  const { paint } = options;
  const table = columns({ rows: facts(factory, options), paint });
  return `${paint('bold', factory.factory)}\n${indented(table)}\n`;
}

function facts(factory: FactoryView, { paint, now }: ViewOptions): string[][] {
  const { condition, since, forced, unforced, cause, until, probe, permits, throttledUntil } = factory;
  const { lastFulfilledAt, latencyMs } = factory;
  const time = (at: string): string => formatTime(Date.parse(at), now);
  const [style, label] = conditionLabels[condition];
  return [
    ['Condition', `${paint(style, label)}${factory.isKnown ? '' : ' (nothing known yet: trusted)'}`],
    ...(since === undefined ? [] : [['Since', time(since)]]),
    ...(forced
      ? [
          ['Forced by', forced.by],
          ['Why', forced.why],
          ['Otherwise', conditionLabels[unforced!][1]],
        ]
      : []),
    ...(cause === undefined ? [] : [[forced ? 'Because' : 'Why', cause]]),
    ...(until === undefined || forced ? [] : [['Until', `${time(until)}, then one order is tried`]]),
    ...(probe ? [['Trying', `order ${probe.orderId}, by ${probe.worker}`]] : []),
    ...(permits === undefined ? [] : [['At a time', `${counted(permits, 'order')}, growing`]]),
    ...(throttledUntil === undefined
      ? []
      : [['Throttled', `it asked the workers to wait until ${time(throttledUntil)}`]]),
    ...(lastFulfilledAt === undefined ? [] : [['Last baked', time(lastFulfilledAt)]]),
    ...(latencyMs === undefined ? [] : [['Takes', `${formatDuration(latencyMs)} on average`]]),
  ];
}

const conditionLabels: Record<FactoryCondition, [Style, string]> = {
  closed: ['green', 'closed: takes orders'],
  open: ['red', 'open: gets no orders for now'],
  half_open: ['yellow', 'half-open: one order is tried'],
  out_of_service: ['red', 'out of service: it refuses us; one order is tried now and then'],
  forced_open: ['yellow', 'forced open: gets no orders until an operator runs `factory auto`'],
  forced_closed: [
    'yellow',
    'forced closed: gets orders whatever happens, until an operator runs `factory auto`',
  ],
};

/** Green takes orders, red needs an operator. */
export function styleOfCondition(condition: FactoryCondition): Style {
  return conditionLabels[condition][0];
}
