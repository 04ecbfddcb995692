import { bulkRate, type BulkAction, type BulkTarget } from '@proofbox/contract/admin';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { changeEach } from './change-each.ts';
import { runBulk } from '../bulk/bulk-run.ts';
import { badUsage } from '../../session/command-failure.ts';
import { yesOption } from '../../terminal/confirm.ts';
import { addFilterOptions, filterOf, hasFilter, type FilterOptions } from '../../options/filter-options.ts';
import { exampleId, invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { whyOption } from '../../options/why-option.ts';

export type ChangeOptions = FilterOptions & {
  why: string;
  all?: boolean;
  rate?: number;
  wait: boolean;
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
};

/** Orders a second, where nobody says how many. */
const usualRate = 100;

/** `proofbox dead replay` and `proofbox dead discard` */
export function addDeadChange(dead: Command, session: Session, action: BulkAction): void {
  const about = texts[action];
  const command = dead
    .command(action)
    .summary(about.summary)
    .description(`${about.description}\n\n${howItWorks}`)
    .argument('[id...]', 'the orders by id; or choose them with the options below')
    .addOption(whyOption());
  addFilterOptions(command, { of: 'dead', now: session.now });
  command
    .addOption(new Option('--all', 'every dead letter').helpGroup('Which orders:'))
    .option('-n, --dry-run', 'show what would be done, and do nothing')
    .addOption(yesOption())
    .addOption(
      new Option('--rate <n>', `orders a second, 1 to 5000 (default: ${usualRate})`).argParser(readRate),
    )
    .option('--no-wait', 'do not wait for the end of the bulk task; it goes on in the admin server')
    .option(
      '--json',
      'for scripts, one JSON value: for ids [{id, result, state}], else the bulk task, or null where no order matches; with --dry-run {count, isExact, byReason, sample}',
    )
    .addHelpText('after', about.after)
    .action((ids: string[], options: ChangeOptions) => change(session, action, ids, options));
}

const howItWorks =
  'Orders that you name by id are changed at once, one by one. For orders that you choose with the options below, and for ' +
  'all with --rate or --no-wait, the admin server runs a bulk task. You see first what it will do. It takes the orders that ' +
  'match now, the oldest first.';

const texts: Record<BulkAction, { summary: string; description: string; after: string }> = {
  replay: {
    summary: 'give orders a fresh start',
    description:
      'Puts dead or held orders back into the queue, with a new deadline and no failures counted against them. Replaying an order twice is harmless.',
    after: `
Exit code: 0 when every id names an order, even if another request was faster;
else 1.

Examples:
  ${invocation} dead replay ${exampleId} \\
    --why "the factory is mended"
  ${invocation} dead replay --reason expired --since 1d \\
    --why "the outage is over" --dry-run
  ${invocation} dead replay --text "oven door" --rate 20 --yes \\
    --why "the oven door is mended"
`,
  },
  discard: {
    summary: 'give up on orders',
    description:
      'Gives up on orders for good: Proofbox keeps them, and never tries them again. An order that you name need not be dead: it may also wait or be baking. The command asks before it changes anything.',
    after: `
Exit code: 0 when every order is discarded now; else 1.

Examples:
  ${invocation} dead discard ${exampleId} \\
    --why "the diner was refunded"
  ${invocation} dead discard --store 7 --to 2026-11-01 \\
    --why "store 7 has closed, its diners were refunded" --dry-run
`,
  },
};

async function change(
  session: Session,
  action: BulkAction,
  ids: string[],
  options: ChangeOptions,
): Promise<void> {
  const target = targetOf(action, ids, options);
  const { rate, wait, dryRun } = options;
  const isTask = 'filter' in target || rate !== undefined || !wait || dryRun;
  if (isTask) return runBulk(session, { action, target, rate: rate ?? usualRate, options });
  return changeEach(session, { action, ids: target.ids, options });
}

/** @throws CommandFailure when it is not clear which orders */
function targetOf(action: BulkAction, ids: string[], options: ChangeOptions): BulkTarget {
  const isFiltered = hasFilter(options);
  if (ids.length > 0) {
    if (isFiltered || options.all)
      throw badUsage('Name orders by their ids, or find them with options, not both.');
    return { ids: [...new Set(ids)] };
  }
  if (isFiltered && options.all)
    throw badUsage('--all means every dead letter: leave out the other conditions.');
  if (isFiltered || options.all) return { filter: filterOf(options, 'dead') };
  throw badUsage(
    `Which orders? Name ids, or find them with options such as --reason; to ${action} every dead letter say --all.`,
  );
}

function readRate(text: string): number {
  const rate = bulkRate.safeParse(Number(text));
  if (rate.success) return rate.data;
  throw new InvalidArgumentError('Expected a whole number from 1 to 5000.');
}
