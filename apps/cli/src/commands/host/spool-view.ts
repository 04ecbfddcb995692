import type { StoredOrder, SurveyedJournal, SurveyedSpool } from '@proofbox/outbox';
import { columns, indented } from '../../terminal/columns.ts';
import { printable } from '@proofbox/runtime/printable';
import { maskId } from '@proofbox/contract/admin';
import type { Paint } from '../../terminal/terminal.ts';
import { ageInWords } from '../../terminal/time-words.ts';

/** An order that was set aside, without what names its diner. */
export type ShownParked = {
  id: string;
  file: string;
  parkedAt: number;
  dinerId: string;
  email?: string;
  why: string;
};

export type ShownSpool = {
  folder: string;
  keyTag: string;
  spools: SurveyedSpool[];
  journals: SurveyedJournal[];
  parked: ShownParked[];
};

type ViewOptions = { paint: Paint; now: number };

export function toShownParked(stored: StoredOrder): ShownParked[] {
  if (stored.kind === 'unreadable') {
    const { id, file, parkedAt } = stored;
    return parkedAt === undefined ? [] : [{ id, file, parkedAt, dinerId: '-', why: 'it cannot be read' }];
  }
  if (stored.kind !== 'parked') return [];
  const { file, order, parkedAt, why } = stored;
  const { email } = order.request.diner as { email?: unknown };
  return [
    {
      id: order.id,
      file,
      parkedAt,
      dinerId: maskId(order.dinerId),
      ...(typeof email === 'string' && { email: masked(email) }),
      why,
    },
  ];
}

/** The files of a spool folder, for a person. */
export function spoolView(shown: ShownSpool, { paint, now }: ViewOptions): string {
  const { folder, keyTag, spools, journals, parked } = printable(shown);
  const age = (at: number | undefined): string => (at === undefined ? '-' : ageInWords(at, now));
  const waiting = spools.map((each) => [
    each.file,
    usedBy(each),
    String(each.waiting),
    String(each.parked),
    age(each.oldestAt),
    each.trouble ?? '',
  ]);
  const kept = journals.map((each) => [
    each.file,
    usedBy(each),
    String(each.orders),
    String(each.atRest),
    age(each.from),
    age(each.to),
    each.trouble ?? '',
  ]);
  const aside = parked.map(({ id, parkedAt, dinerId, email, why }) => [
    id,
    age(parkedAt),
    email === undefined ? dinerId : `${dinerId} (${email})`,
    why,
  ]);
  return [
    `${folder}, of the shop ${keyTag}\n`,
    table(
      'Orders that wait for Redis',
      ['FILE', 'USED BY', 'WAITING', 'PARKED', 'OLDEST', ''],
      waiting,
      [2, 3],
    ),
    table('Journals', ['FILE', 'USED BY', 'ORDERS', 'AT REST', 'FROM', 'TO', ''], kept, [2, 3]),
    ...(aside.length > 0
      ? [table('Set aside: Redis does not take them', ['ORDER', 'SINCE', 'DINER', 'WHY'], aside, [])]
      : []),
  ].join('\n');

  function table(title: string, head: string[], rows: string[][], numbers: number[]): string {
    const body = rows.length === 0 ? 'none' : columns({ head, rows, paint, numbers });
    return `${paint('bold', title)}\n${indented(body)}\n`;
  }
}

function usedBy({ isInUse }: { isInUse: boolean }): string {
  return isInUse ? 'a living process' : 'nobody';
}

/** "d…@jwt.com": enough to know it again, too little to write to. */
function masked(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '…' : `${email[0]}…${email.slice(at)}`;
}
