import type { Attempt } from '@proofbox/contract';
import { outcomeInWords, remarksOn } from './attempt-words.ts';
import { columns, indented } from './columns.ts';
import { printable } from './printable.ts';
import type { ShownOrder } from './shown-order.ts';
import type { Paint, Style } from './terminal.ts';
import { durationInWords, timeInWords } from './time-words.ts';

type ViewOptions = { paint: Paint; now: number };

/** The whole story of one order, for a person. */
export function orderView(shown: ShownOrder, options: ViewOptions): string {
  const order = printable(shown);
  const { paint } = options;
  const sections = [
    section(paint('bold', `Order ${order.id}`), columns({ rows: facts(order, options), paint })),
    section(paint('bold', 'Attempts'), attempts(order.attempts, paint)),
    section(paint('bold', 'What to do next'), nextStep(order)),
  ];
  return sections.join('\n');
}

function section(title: string, body: string): string {
  return `${title}\n${indented(body)}\n`;
}

const styleOf: Record<ShownOrder['state'], Style> = {
  queued: 'yellow',
  baking: 'yellow',
  fulfilled: 'green',
  held: 'yellow',
  dead: 'red',
  discarded: 'dim',
};

function facts(order: ShownOrder, { paint, now }: ViewOptions): string[][] {
  const { franchiseId, storeId, items } = order.order;
  const state = order.reason === undefined ? order.state : `${order.state}: ${order.reason}`;
  return [
    ['State', paint(styleOf[order.state], state)],
    ['Accepted', timeInWords(order.acceptedAt, now)],
    ['Changed', timeInWords(order.updatedAt, now)],
    ['Deadline', timeInWords(order.deadlineAt, now)],
    ...(order.replayedAt === undefined ? [] : [['Replayed', replayed(order.replays, order.replayedAt, now)]]),
    ...(order.fulfilledAt === undefined
      ? []
      : [['Fulfilled', `${timeInWords(order.fulfilledAt, now)} by ${order.factory ?? 'a factory'}`]]),
    ['Receipt', order.hasReceipt ? 'stored' : 'none'],
    ['Failures', `${order.countedFailures || 'none'} counted against the order`],
    ['Diner', `${order.dinerId}, by way of the ${order.source}`],
    ['Store', `${storeId} of franchise ${franchiseId}`],
    ...items.map((item, i) => [
      i === 0 ? 'Items' : '',
      `${item.description}, ${plainNumber(item.price)} (menu ${item.menuId})`,
    ]),
  ];
}

function replayed(times: number, lastAt: number, now: number): string {
  return times === 1 ? timeInWords(lastAt, now) : `${times} times, last ${timeInWords(lastAt, now)}`;
}

const head = ['#', 'STARTED', 'FACTORY', 'OUTCOME', 'TOOK', 'COUNTED', 'REMARKS'];

function attempts(all: Attempt[], paint: Paint): string {
  if (all.length === 0) return 'none yet';
  const rows = all.map((each) => [
    String(each.n),
    new Date(each.startedAt).toISOString(),
    each.factory,
    outcomeInWords(each),
    each.endedAt === undefined ? '-' : durationInWords(each.endedAt - each.startedAt),
    counted(each),
    remarksOn(each),
  ]);
  return columns({ head, rows, paint, numbers: [0, 4] });
}

function counted(attempt: Attempt): string {
  if (attempt.outcome === undefined || attempt.outcome === 'fulfilled') return '-';
  return attempt.counted ? 'yes' : 'no';
}

function nextStep({ nextStep: { advice, commands } }: ShownOrder): string {
  const sentences = advice.replaceAll('. ', '.\n');
  return [sentences, ...commands.map((each) => `  ${each}`)].join('\n');
}

/** Prices are tiny: 3.8e-7 is written 0.00000038. */
function plainNumber(value: number): string {
  return value.toFixed(8).replace(/\.?0+$/, '');
}
