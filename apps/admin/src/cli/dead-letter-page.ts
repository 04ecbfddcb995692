import type { DeadLetter } from '@proofbox/contract';
import { decodeCursor, encodeCursor, type Cursor, type Ledger } from '@proofbox/ledger';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { indexesFor, selectDeadLetter, type DeadLetterQuery } from './dead-letter-query.ts';
import { walkIndex } from './walk-index.ts';

/** `nextCursor` is there exactly when more dead letters match. */
export type DeadLetterPage = { deadLetters: DeadLetter[]; nextCursor?: string };

type Match = { letter: DeadLetter; score: number; cursor: Cursor };

/** Orders read at once while looking for the ones that match. */
const largestPage = 200;

/**
 * One page of the dead letters that match, in order of time, merged from as many indexes as hold them.
 * @param input.after the `nextCursor` of the page before, of the same query
 * @throws CommandFailure for a cursor that no page of such a query ended with
 */
export async function readDeadLetters(
  ledger: Ledger,
  input: { query: DeadLetterQuery; limit: number; oldestFirst: boolean; after: string | undefined },
): Promise<DeadLetterPage> {
  const { query, limit, oldestFirst } = input;
  const indexes = indexesFor(query);
  const cursors = decodeCursors(input.after, indexes.length);
  const pageSize = Math.min(limit + 1, largestPage);
  const walks = indexes.map((index, i) =>
    matches(query, walkIndex(ledger, { index, oldestFirst, after: cursors[i], pageSize })),
  );
  const heads = await Promise.all(walks.map(nextOf));
  const deadLetters: DeadLetter[] = [];
  while (deadLetters.length < limit) {
    const first = firstOf(heads, oldestFirst);
    if (first === undefined) return { deadLetters };
    const { letter, cursor } = heads[first]!;
    deadLetters.push(letter);
    cursors[first] = cursor;
    heads[first] = await nextOf(walks[first]!);
  }
  const isMore = heads.some((each) => each !== undefined);
  return { deadLetters, ...(isMore && { nextCursor: encodeCursors(cursors) }) };
}

async function* matches(query: DeadLetterQuery, walk: ReturnType<typeof walkIndex>): AsyncGenerator<Match> {
  for await (const { order, score, cursor } of walk) {
    const letter = selectDeadLetter(query, order);
    if (letter) yield { letter, score, cursor };
  }
}

async function nextOf(walk: AsyncGenerator<Match>): Promise<Match | undefined> {
  const { value, done } = await walk.next();
  return done ? undefined : value;
}

/** Which of the heads comes first; undefined when there is none. */
function firstOf(heads: (Match | undefined)[], oldestFirst: boolean): number | undefined {
  const direction = oldestFirst ? 1 : -1;
  const present = heads.flatMap((head, i) => (head ? [{ i, rank: direction * head.score }] : []));
  return present.toSorted((a, b) => a.rank - b.rank)[0]?.i;
}

const unseen = '0';

function encodeCursors(cursors: (Cursor | undefined)[]): string {
  return cursors.map((each) => (each ? encodeCursor(each) : unseen)).join('_');
}

function decodeCursors(text: string | undefined, count: number): (Cursor | undefined)[] {
  if (text === undefined) return Array.from({ length: count }, () => undefined);
  const parts = text.split('_');
  const cursors = parts.map((part) => decodeCursor(part));
  const isOurs =
    parts.length === count && parts.every((part, i) => part === unseen || cursors[i] !== undefined);
  if (isOurs) return cursors;
  const message =
    '--after is not a cursor of this list: take it from the list before, with the same --reason, --diner and --state.';
  throw new CommandFailure(exitCodes.badUsage, message);
}
