/** Where a page of an index ended: the score of its last member, and how many members with that score were seen. */
export type Cursor = { score: number; seen: number };

export function encodeCursor(cursor: Cursor): string {
  return `${cursor.score}.${cursor.seen}`;
}

/** @returns undefined for a text that no page ever ended with */
export function decodeCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,16})\.(\d{1,9})$/.exec(text);
  return match ? { score: Number(match[1]), seen: Number(match[2]) } : undefined;
}

/** The cursor after a page that began at `from` and whose members have these scores. */
export function advance(from: Cursor | undefined, scores: number[]): Cursor | undefined {
  const last = scores.at(-1);
  if (last === undefined) return undefined;
  const seenHere = scores.filter((score) => score === last).length;
  return { score: last, seen: seenHere + (from?.score === last ? from.seen : 0) };
}
