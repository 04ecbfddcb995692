import { parkReasons, type DeadLetter, type ParkReason } from '@proofbox/contract';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { readDeadLetters } from './dead-letter-page.ts';
import { checkQuery, type DeadLetterQuery } from './dead-letter-query.ts';
import { deadListView } from './dead-list-view.ts';
import { invocation } from './invocation.ts';
import { printableJson } from './printable.ts';
import type { Session } from './session.ts';
import { createPaint } from './terminal.ts';
import { withLedger } from './with-ledger.ts';

type ListOptions = {
  reason?: ParkReason;
  diner?: string;
  state?: DeadLetter['state'];
  limit: number;
  after?: string;
  oldest?: boolean;
  json?: boolean;
};

const largestLimit = 500;

/** `proofbox dead list` */
export function addDeadList(dead: Command, session: Session): void {
  dead
    .command('list')
    .summary('which orders need somebody')
    .description(
      'Lists the orders that nobody tries any more, the newest first.\n' +
        'With --diner they are sorted by when they were accepted, otherwise by when they came to rest.',
    )
    .addOption(new Option('--reason <reason>', 'only with this reason').choices(parkReasons))
    .option('--diner <id>', 'only orders of this diner')
    .addOption(new Option('--state <state>', 'only dead, or only held').choices(['dead', 'held']))
    .addOption(
      new Option('--limit <n>', `how many at most, 1 to ${largestLimit}`).default(20).argParser(readLimit),
    )
    .option('--after <cursor>', 'go on where the list before ended: the cursor it showed')
    .option('--oldest', 'the oldest first')
    .option('--json', 'one JSON value: {deadLetters, nextCursor}; times in ms since the epoch')
    .addHelpText('after', examples)
    .action((options: ListOptions) => listDeadLetters(session, options));
}

const examples = `
Reasons:
  rejected         the factory says that the order is wrong
  exhausted        it failed again and again while the factory baked other orders
  expired          its deadline passed before any factory baked it
  unknown_outcome  held: the factory may have baked it, and a repeat would not be safe

Examples:
  ${invocation} dead list --reason rejected --oldest
  ${invocation} dead list --diner 2 --json | jq -r '.deadLetters[].id'
`;

async function listDeadLetters(session: Session, options: ListOptions): Promise<void> {
  const { terminal, now } = session;
  const query = queryOf(options);
  checkQuery(query);
  await withLedger(session, async ({ ledger }) => {
    const page = await readDeadLetters(ledger, {
      query,
      limit: options.limit,
      oldestFirst: options.oldest ?? false,
      after: options.after,
    });
    const view = { paint: createPaint(terminal), now, width: terminal.width };
    terminal.out(options.json ? printableJson(page) : deadListView(page, view));
  });
}

function queryOf({ reason, diner, state }: ListOptions): DeadLetterQuery {
  return {
    ...(reason !== undefined && { reason }),
    ...(diner !== undefined && { dinerId: diner }),
    ...(state !== undefined && { state }),
  };
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= largestLimit) return limit;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${largestLimit}.`);
}
