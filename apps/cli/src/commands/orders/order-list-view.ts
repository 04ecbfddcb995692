import type { OrderPage, OrderRow } from '@proofbox/contract/admin';
import { outcomeLabel, remarksOn } from './attempt-labels.ts';
import type { CsvColumns } from '../../terminal/csv.ts';
import { printable } from '@proofbox/runtime/printable';
import { stateLabel, styleOfState } from '../../terminal/state-style.ts';
import { tailedTable } from '../../terminal/tailed-table.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { formatAge } from '../../terminal/format-time.ts';
import type { ListView } from '../../options/write-list.ts';

type ViewOptions = { paint: Paint; now: number; width: number | undefined };

const head = ['ID', 'STATE', 'DINER', 'STORE', 'TRIES', 'SINCE'];

/** One row for each order. `SINCE`: when it was settled, or was accepted where it has not. */
export function orderTable(orders: OrderRow[], { paint, now, width }: ViewOptions): string {
  const rows = printable(orders).map((order) => ({
    cells: [
      order.id,
      paint(styleOfState[order.state], stateLabel(order)),
      order.diner.id,
      String(order.storeId),
      String(order.attempts),
      formatAge(Date.parse(order.settledAt ?? order.acceptedAt), now),
    ],
    tail: lastAttempt(order),
  }));
  return tailedTable({ head, tailHead: 'LAST ATTEMPT', rows, numbers: [4], paint, width, isCut: true });
}

function lastAttempt({ lastAttempt: last }: OrderRow): string {
  if (last === undefined) return 'never tried';
  return [`${last.factory}: ${outcomeLabel(last)}`, remarksOn(last)].filter(Boolean).join(': ');
}

const csv: CsvColumns<OrderRow> = {
  id: ({ id }) => id,
  state: ({ state }) => state,
  reason: ({ reason }) => reason,
  dinerId: ({ diner }) => diner.id,
  franchiseId: ({ franchiseId }) => franchiseId,
  storeId: ({ storeId }) => storeId,
  items: ({ items }) => items,
  total: ({ total }) => total,
  acceptedAt: ({ acceptedAt }) => acceptedAt,
  settledAt: ({ settledAt }) => settledAt,
  attempts: ({ attempts }) => attempts,
  replays: ({ replays }) => replays,
  lastFactory: ({ lastAttempt: last }) => last?.factory,
  lastOutcome: ({ lastAttempt: last }) => last?.outcome,
  lastStatus: ({ lastAttempt: last }) => last?.status,
  lastDetail: ({ lastAttempt: last }) => last?.detail,
};

export function orderListView(none: string, options: ViewOptions): ListView<OrderPage, OrderRow> {
  return {
    name: 'orders',
    rowsIn: ({ orders }) => orders,
    csv,
    table: (orders) => orderTable(orders, options),
    remark: ({ unreadable = [] }) =>
      unreadable.length === 0
        ? undefined
        : `${printable(unreadable.join(', '))} cannot be read: written by another release of Proofbox, or damaged.`,
    none,
    rest: ({ before, page: { unreadable = [], sortedBy, examined, remaining } }) => {
      const allUnreadable = [...((before['unreadable'] as string[] | undefined) ?? []), ...unreadable];
      return {
        ...(allUnreadable.length > 0 && { unreadable: allUnreadable }),
        sortedBy,
        examined: ((before['examined'] as number | undefined) ?? 0) + examined,
        remaining,
      };
    },
  };
}
