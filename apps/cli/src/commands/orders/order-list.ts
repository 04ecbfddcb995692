import { orderPage, type OrderPage } from '@proofbox/contract/admin';
import type { Command } from 'commander';
import { followPages } from '../../api/follow-pages.ts';
import { openApi } from '../../api/open-api.ts';
import { addFilterOptions, filterOf, type FilterOptions } from '../../options/filter-options.ts';
import { invocation } from '../../session/invocation.ts';
import { addListOptions, limitOf, type ListOptions } from '../../options/list-options.ts';
import { orderListView } from './order-list-view.ts';
import { withSearchProgress } from './search-progress.ts';
import type { Session } from '../../session/session.ts';
import { createPaint } from '../../terminal/terminal.ts';
import { writeList } from '../../options/write-list.ts';

type Options = FilterOptions & ListOptions & { oldest?: boolean };
type Scope = 'dead' | 'any';

/** `proofbox dead list` and `proofbox orders list` */
export function addOrderList(parent: Command, session: Session, of: Scope): void {
  const about = texts[of];
  const command = parent.command('list').summary(about.summary).description(about.description);
  addFilterOptions(command, { of, now: session.now });
  command.option('--oldest', 'the oldest first');
  addListOptions(command, { json: '{orders, nextCursor, sortedBy, examined, remaining}' })
    .addHelpText('after', about.after)
    .action((options: Options) => listOrders(session, options, of));
}

const texts: Record<Scope, { summary: string; description: string; none: string; after: string }> = {
  dead: {
    summary: 'which orders need an operator',
    description: 'Lists the orders that no worker tries any more, the most recently settled first.',
    none: 'No dead letters match.',
    after: `
Reasons:
  rejected         the factory says that the order is wrong
  exhausted        it failed again and again while the factory baked other orders
  expired          its deadline passed before any factory baked it
  unknown_outcome  held: the factory may have baked it, and a repeat would not
                   be safe

Examples:
  ${invocation} dead list --reason rejected --since 2h
  ${invocation} dead list --text "oven door" --store 7 --oldest
  ${invocation} dead list --all --csv > dead-letters.csv
  ${invocation} dead list --diner 2 --json | jq -r '.orders[].id'
`,
  },
  any: {
    summary: 'any orders, by state, diner, store or time',
    description:
      'Lists orders in any state, the newest first. The sort, --from and --to go by the time when an order was accepted. ' +
      'If --state or --reason select settled orders only (fulfilled, held, dead, discarded), they go by the time when it was settled.',
    none: 'No orders match.',
    after: `
Examples:
  ${invocation} orders list --state queued,baking --oldest
  ${invocation} orders list --diner 2 --since 3d
  ${invocation} orders list --state fulfilled --since 1d --all --csv > baked.csv
`,
  },
};

async function listOrders(session: Session, options: Options, of: Scope): Promise<void> {
  const { terminal, now } = session;
  const filter = filterOf(options, of);
  const api = openApi(session);
  const sort = options.oldest ? 'oldest' : 'newest';
  const pages = followPages<OrderPage>({
    read: ({ cursor, limit }) => api.get('/api/orders', orderPage, { ...filter, sort, limit, cursor }),
    rowsIn: ({ orders }) => orders.length,
    limit: limitOf(options),
    after: options.after,
  });
  const view = orderListView(texts[of].none, { paint: createPaint(terminal), now, width: terminal.width });
  await writeList(terminal, { pages: withSearchProgress(terminal, pages), format: options, view });
}
