/** Where a walk over several sorted sets is: in which of them, and how many of its members lie behind. */
export type Place = { set: number; offset: number };

/**
 * Walks through `sets` sorted sets, slice by slice, from `from` on, until the last one ends or `maxSlices` were seen.
 * Members that change places meanwhile may be missed; the next lap finds them.
 * @param visit looks at one slice and tells how many members it had
 * @returns where to go on: the beginning, when the lap was ended
 */
export async function walkSlices(input: {
  sets: number;
  from: Place;
  sliceSize: number;
  maxSlices: number;
  visit: (place: Place) => Promise<number>;
}): Promise<Place> {
  const { sets, sliceSize, maxSlices, visit } = input;
  let place = input.from;
  for (let slices = 0; slices < maxSlices && place.set < sets; slices += 1) {
    const seen = await visit(place);
    place =
      seen < sliceSize
        ? { set: place.set + 1, offset: 0 }
        : { set: place.set, offset: place.offset + sliceSize };
  }
  return place.set < sets ? place : { set: 0, offset: 0 };
}
