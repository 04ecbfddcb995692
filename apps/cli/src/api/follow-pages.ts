import { largestPage } from '@proofbox/contract/admin';
import { badUsage, CommandFailure, exitCodes } from '../session/command-failure.ts';

/**
 * The pages of a list, one after the other, until so many rows were found or the list ends. A page may be short, or
 * empty, and the list goes on all the same. Only one page is in memory at a time.
 * @param input.limit Infinity for all
 */
export async function* followPages<P extends { nextCursor?: string | undefined }>(input: {
  read: (page: { cursor: string | undefined; limit: number }) => Promise<P>;
  rowsIn: (page: P) => number;
  limit: number;
  after: string | undefined;
}): AsyncGenerator<P> {
  let cursor = input.after;
  let left = input.limit;
  for (;;) {
    const page = await input.read({ cursor, limit: Math.min(left, largestPage) }).catch((error: unknown) => {
      throw cursor !== undefined && cursor === input.after ? explained(error) : error;
    });
    if (page.nextCursor !== undefined && page.nextCursor === cursor) throw standsStill();
    left -= input.rowsIn(page);
    cursor = page.nextCursor;
    yield page;
    if (cursor === undefined || left <= 0) return;
  }
}

function standsStill(): CommandFailure {
  return new CommandFailure(
    exitCodes.failed,
    'The list does not go on: the admin API gave the same page twice.',
  );
}

/** The API knows a cursor and no --after. */
function explained(error: unknown): unknown {
  const isAboutIt =
    error instanceof CommandFailure && error.status === 400 && /\bcursor\b/.test(error.message);
  if (!isAboutIt) return error;
  return badUsage(
    '--after is not a cursor of this list: use the one that the list showed, with the same conditions.',
  );
}
