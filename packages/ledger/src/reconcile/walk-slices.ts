/** Where a walk over several sorted sets is: in which of them, and how many of its members lie behind. */
export type SliceCursor = { set: number; offset: number };

/**
 * Walks through `sets` sorted sets, slice by slice, from `from` on, until the last one ends or `maxSlices` were seen.
 * Members that change places meanwhile may be missed; the next lap finds them.
 * @param visit looks at one slice and returns how many members it had
 * @returns where to go on: the beginning, when the lap was ended
 */
export async function walkSlices(input: {
  sets: number;
  from: SliceCursor;
  sliceSize: number;
  maxSlices: number;
  visit: (cursor: SliceCursor) => Promise<number>;
}): Promise<SliceCursor> {
  const { sets, sliceSize, maxSlices, visit } = input;
  let cursor = input.from;
  for (let slices = 0; slices < maxSlices && cursor.set < sets; slices += 1) {
    const seen = await visit(cursor);
    cursor =
      seen < sliceSize
        ? { set: cursor.set + 1, offset: 0 }
        : { set: cursor.set, offset: cursor.offset + sliceSize };
  }
  return cursor.set < sets ? cursor : { set: 0, offset: 0 };
}
