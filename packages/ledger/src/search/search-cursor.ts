import { createHash } from 'node:crypto';
import { InvalidCursor } from '../errors.ts';

/** The position of an order in a list: its time in ms since the epoch, as text, and its id. Orders of one time are sorted by id. */
export type SearchPosition = { score: string; id: string };

/** Text for the caller who asks for the next page. It fits the search that it came from, and no other. */
export function encodeSearchCursor({ score, id }: SearchPosition, search: object): string {
  return Buffer.from(JSON.stringify([tagOf(search), score, id])).toString('base64url');
}

/** @throws InvalidCursor for a text that no page ended with, or a page of another search */
export function decodeSearchCursor(text: string, search: object): SearchPosition {
  const [tag, score, id] = readParts(text);
  if (typeof score !== 'string' || !/^-?\d{1,16}(\.\d+)?$/.test(score) || typeof id !== 'string') {
    throw new InvalidCursor('cursor: this is not a cursor. Take nextCursor from the page before, unchanged.');
  }
  if (tag !== tagOf(search)) {
    throw new InvalidCursor(
      'cursor: it is of another search. Ask with the filter and the sort that it came from, or begin without a cursor.',
    );
  }
  return { score, id };
}

function readParts(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/** The same for the same search, however its fields and lists are ordered. */
function tagOf(search: object): string {
  const canonical = JSON.stringify(search, (_key, value: unknown) => {
    if (Array.isArray(value)) return [...new Set(value as string[])].toSorted();
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 10);
}
