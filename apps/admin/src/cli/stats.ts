import type { Command } from 'commander';
import { checkBooks } from './books.ts';
import { invocation } from './invocation.ts';
import { printableJson } from './printable.ts';
import type { Session } from './session.ts';
import { statsView } from './stats-view.ts';
import { createPaint } from './terminal.ts';
import { withLedger } from './with-ledger.ts';

/** `proofbox stats` */
export function addStats(program: Command, session: Session): void {
  program
    .command('stats')
    .summary('how many orders are where')
    .description('Counts orders and jobs by state, and checks that every accepted order is accounted for.')
    .option(
      '--json',
      'one JSON value: {counters, oldestPendingAt, jobs, books}; times in ms since the epoch, null for none',
    )
    .addHelpText(
      'after',
      `
Example:
  ${invocation} stats --json | jq .books.balanced
`,
    )
    .action((options: { json?: boolean }) => showStats(session, options));
}

async function showStats(session: Session, options: { json?: boolean }): Promise<void> {
  const { terminal, now } = session;
  await withLedger(session, async ({ ledger, queue }) => {
    const [{ counters, oldestPendingAt }, jobs] = await Promise.all([ledger.stats(), queue.counts()]);
    const books = checkBooks(counters);
    terminal.out(
      options.json
        ? printableJson({ counters, oldestPendingAt: oldestPendingAt ?? null, jobs, books })
        : statsView({ counters, oldestPendingAt, jobs, books }, { paint: createPaint(terminal), now }),
    );
  });
}
