import type { AttemptView, AuditEntry, EditView, OrderDetail } from '@proofbox/contract/admin';
import { outcomeLabel, remarksOn } from './attempt-labels.ts';
import { columns, indented } from '../../terminal/columns.ts';
import { nextCommands } from './next-commands.ts';
import { plainNumber } from '../../terminal/format-number.ts';
import { orderChanges } from './order-changes.ts';
import { printable } from '@proofbox/runtime/printable';
import { stateLabel, styleOfState } from '../../terminal/state-style.ts';
import { tailedTable } from '../../terminal/tailed-table.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { formatDuration, formatTime } from '../../terminal/format-time.ts';
import { wrapped } from '../../terminal/wrapped.ts';

type ViewOptions = { paint: Paint; now: number; width: number | undefined };

/** The whole story of one order, for a person. */
export function orderView(detail: OrderDetail, options: ViewOptions): string {
  const order = printable(detail);
  const { paint } = options;
  const section = (title: string, body: string): string => `${paint('bold', title)}\n${indented(body)}\n`;
  return [
    section(`Order ${order.id}`, columns({ rows: facts(order, options), paint })),
    section('Attempts', attempts(order.attemptHistory, options)),
    ...(order.edits.length === 0 ? [] : [section('Edits', edits(order, options))]),
    ...(order.audit.length === 0 ? [] : [section('What people did', deeds(order.audit, options))]),
    section('What to do next', nextStep(order, options)),
  ].join('\n');
}

function facts(order: OrderDetail, { paint, now }: ViewOptions): string[][] {
  const time = (at: string): string => formatTime(Date.parse(at), now);
  const { diner } = order;
  return [
    ['State', paint(styleOfState[order.state], stateLabel(order))],
    ...(order.discardReason === undefined ? [] : [['Discarded', `because: ${order.discardReason}`]]),
    ['Accepted', time(order.acceptedAt)],
    ['Changed', time(order.updatedAt)],
    ['Deadline', time(order.deadlineAt)],
    ...(order.replayedAt === undefined
      ? []
      : [['Replayed', replayed(order.replays, time(order.replayedAt))]]),
    ...(order.restoredAt === undefined
      ? []
      : [['Restored', `from an outbox at ${time(order.restoredAt)}; what happened before is not known`]]),
    ...(order.fulfilledAt === undefined
      ? []
      : [['Fulfilled', `${time(order.fulfilledAt)} by ${order.factory ?? 'a factory'}`]]),
    ['Receipt', order.hasReceipt ? 'stored' : 'none'],
    ['Failures', `${order.countedFailures || 'none'} counted against the order`],
    ['Diner', `${diner.id}, by way of the ${order.source === 'frontend' ? 'frontend' : 'order service'}`],
    ...(diner.name === undefined ? [] : [['Name', diner.name]]),
    ...(diner.email === undefined ? [] : [['E-mail', diner.email]]),
    ['Store', `${order.order.storeId} of franchise ${order.order.franchiseId}`],
    ...order.order.items.map((item, i) => [
      i === 0 ? 'Items' : '',
      `${item.description}, ${plainNumber(item.price)} (menu ${item.menuId})`,
    ]),
    ['Total', plainNumber(order.total)],
    ...ownFields(order),
  ];
}

/** What a customer wrote into the order of their own; only there for those who had it revealed. */
function ownFields({ order, diner }: OrderDetail): string[][] {
  if (diner.isMasked) return [];
  const { id: _id, franchiseId: _franchise, storeId: _store, items: _items, ...own } = order;
  return Object.entries(own).map(([name, value], i) => [
    i === 0 ? 'Also' : '',
    `${name}: ${JSON.stringify(value)}`,
  ]);
}

function replayed(times: number, last: string): string {
  return times === 1 ? last : `${times} times, last ${last}`;
}

const head = ['#', 'STARTED', 'FACTORY', 'OUTCOME', 'TOOK', 'COUNTED'];

function attempts(all: AttemptView[], { paint, width }: ViewOptions): string {
  if (all.length === 0) return 'none yet';
  const rows = all.map((each) => ({
    cells: [
      String(each.n),
      each.startedAt,
      each.factory,
      outcomeLabel(each),
      each.durationMs === undefined ? '-' : formatDuration(each.durationMs),
      formatItem(each),
    ],
    tail: remarksOn(each),
  }));
  return tailedTable({
    head,
    tailHead: 'REMARKS',
    rows,
    numbers: [0, 4],
    paint,
    width: narrower(width),
    isCut: false,
  });
}

function formatItem({ outcome, counted }: AttemptView): string {
  if (outcome === 'under_way' || outcome === 'fulfilled') return '-';
  return counted ? 'yes' : 'no';
}

/** Each edit, with what it changed: what came after it is what stood before the next one, or stands there now. */
function edits({ edits: all, order }: OrderDetail, { now }: ViewOptions): string {
  return all
    .map(({ at, by, why, before }: EditView, i) => {
      const after = all[i + 1]?.before ?? order;
      const changes = orderChanges(before, after).map((line) => `  ${line}`);
      return [`${formatTime(Date.parse(at), now)}, ${by}: ${why}`, ...changes].join('\n');
    })
    .join('\n');
}

function deeds(audit: AuditEntry[], { paint, now, width }: ViewOptions): string {
  const rows = audit.map(({ at, by, action, why, result, task }) => ({
    cells: [formatTime(Date.parse(at), now), by, action.replaceAll('_', ' ')],
    tail: [why, result, task && `bulk task ${task}`].filter(Boolean).join('; '),
  }));
  return tailedTable({
    head: ['WHEN', 'WHO', 'WHAT'],
    tailHead: 'WHY',
    rows,
    paint,
    width: narrower(width),
    isCut: false,
  });
}

function nextStep({ id, nextStep: { advice, actions } }: OrderDetail, { width }: ViewOptions): string {
  const sentences = advice.split(/(?<=\.) /).map((each) => wrapped(each, narrower(width)));
  return [...sentences, ...nextCommands(id, actions).map((each) => `  ${each}`)].join('\n');
}

/** What is left of the screen within a section. */
function narrower(width: number | undefined): number | undefined {
  return width === undefined ? undefined : width - 2;
}
