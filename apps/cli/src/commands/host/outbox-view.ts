import { maskId } from '@proofbox/contract/admin';
import type { ReadableOrder, SurveyedFile, UnreadableOrder } from '@proofbox/outbox';
import { printable } from '@proofbox/runtime/printable';
import { columns, indented } from '../../terminal/columns.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { formatAge } from '../../terminal/format-time.ts';

/** An order that was set aside, without what names its diner. `since`: ms since the epoch. */
type ShownConflict = {
  id: string;
  file: string;
  since: number;
  dinerId: string;
  email?: string;
  why: string;
};

export type ShownOutbox = {
  folder: string;
  shop: string;
  files: SurveyedFile[];
  conflicted: ShownConflict[];
};

export function toShownConflict(stored: ReadableOrder | UnreadableOrder): ShownConflict {
  const { file, since, why = '' } = stored;
  if (!('order' in stored)) return { id: stored.id, file, since, dinerId: '-', why };
  const { id, dinerId, request } = stored.order;
  const { email } = request.diner as { email?: unknown };
  return {
    id,
    file,
    since,
    dinerId: maskId(dinerId),
    ...(typeof email === 'string' && { email: masked(email) }),
    why,
  };
}

/** The files of an outbox folder, for a person. */
export function outboxView(shown: ShownOutbox, { paint, now }: { paint: Paint; now: number }): string {
  const { folder, shop, files, conflicted } = printable(shown);
  const age = (at: number | undefined): string => (at === undefined ? '-' : formatAge(at, now));
  const rows = files.map((each) => [
    each.file,
    each.isInUse ? 'a running process' : 'no process',
    String(each.undelivered),
    age(each.oldestAt),
    String(each.conflicted),
    String(each.delivered),
    String(each.settled),
    age(each.from),
    age(each.to),
    each.trouble ?? '',
  ]);
  const aside = conflicted.map(({ id, since, dinerId, email, why }) => [
    id,
    age(since),
    email === undefined ? dinerId : `${dinerId} (${email})`,
    why,
  ]);
  const head = [
    'FILE',
    'USED BY',
    'UNDELIVERED',
    'OLDEST',
    'CONFLICTED',
    'DELIVERED',
    'SETTLED',
    'FROM',
    'TO',
    '',
  ];
  return [
    `${folder}, of the shop ${shop}\n`,
    table('Orders on the local disk', head, rows, [2, 4, 5, 6]),
    ...(aside.length > 0
      ? [table('Conflicted: Redis does not take them', ['ORDER', 'SINCE', 'DINER', 'WHY'], aside, [])]
      : []),
  ].join('\n');

  function table(title: string, titles: string[], body: string[][], numbers: number[]): string {
    const shownRows = body.length === 0 ? 'none' : columns({ head: titles, rows: body, paint, numbers });
    return `${paint('bold', title)}\n${indented(shownRows)}\n`;
  }
}

/** "d…@jwt.com": enough to know it again, too little to write to. */
function masked(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '…' : `${email[0]}…${email.slice(at)}`;
}
