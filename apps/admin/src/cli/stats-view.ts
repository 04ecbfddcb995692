import type { JobCounts, LedgerStats } from '@proofbox/ledger';
import type { Books } from './books.ts';
import { columns, indented } from './columns.ts';
import type { Paint } from './terminal.ts';
import { timeInWords } from './time-words.ts';

/** How things stand, in numbers and in one sentence. */
export function statsView(
  input: LedgerStats & { jobs: JobCounts; books: Books },
  { paint, now }: { paint: Paint; now: number },
): string {
  const { counters, oldestPendingAt, jobs, books } = input;
  const orders = columns({
    rows: [
      ['accepted', String(counters.accepted), ''],
      ['fulfilled', String(counters.fulfilled), ''],
      [
        'pending',
        String(counters.queued + counters.baking),
        `${counters.queued} queued, ${counters.baking} baking`,
      ],
      ['held', String(counters.held), ''],
      ['dead', String(counters.dead), ''],
      ['discarded', String(counters.discarded), ''],
    ],
    paint,
    numbers: [1],
  });
  const oldest = oldestPendingAt === undefined ? 'nothing is pending' : timeInWords(oldestPendingAt, now);
  return `${paint('bold', 'Orders')}
${indented(orders)}

${paint('bold', 'Oldest pending')}  ${oldest}
${paint('bold', 'Jobs')}            ${jobs.waiting} waiting, ${jobs.delayed} delayed, ${jobs.active} active
${paint('bold', 'Late receipts')}   ${counters.lateReceipts}, ignored

${balance(books, counters, paint)}
`;
}

function balance(
  { balanced, accepted, accountedFor }: Books,
  c: LedgerStats['counters'],
  paint: Paint,
): string {
  const sum = `${c.fulfilled} fulfilled + ${c.queued + c.baking} pending + ${c.held} held + ${c.dead} dead + ${c.discarded} discarded`;
  if (balanced) return `${paint('green', 'The books balance')}: ${accepted} accepted = ${sum}.`;
  const difference = Math.abs(accepted - accountedFor);
  const orders = difference === 1 ? '1 order' : `${difference} orders`;
  const trouble = accepted > accountedFor ? `${orders} cannot be found` : `${orders} too many`;
  return `${paint('red', 'The books do NOT balance')}: ${accepted} accepted, but ${sum} = ${accountedFor}. ${trouble}.`;
}
