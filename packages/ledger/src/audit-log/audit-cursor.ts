import { InvalidCursor } from '../errors.ts';

/** Where a page of the audit log ended: an entry's id, or for one subject how many of its entries are older. */
export const auditCursor = {
  ofLog(text: string | undefined): string | undefined {
    if (text === undefined || /^\d{1,15}-\d{1,15}$/.test(text)) return text;
    throw badCursor();
  },
  ofSubject(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw badCursor();
  },
};

function badCursor(): InvalidCursor {
  return new InvalidCursor(
    'cursor is not one of this list: take nextCursor of the page before, with the same filter',
  );
}
