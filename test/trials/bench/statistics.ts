/** The middle of several rounds, and the least and the most of them. */
export type Figure = { median: number; min: number; max: number };

function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: sorted[0]!, max: sorted.at(-1)! };
}

/** @param sorted ascending, not empty */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** The figures of several rounds, each with its spread. */
export function figuresOf<R extends Record<string, number>>(rounds: readonly R[]): Record<keyof R, Figure> {
  const names = Object.keys(rounds[0]!) as (keyof R)[];
  return Object.fromEntries(
    names.map((name) => [name, figureOf(rounds.map((each) => each[name]!))]),
  ) as Record<keyof R, Figure>;
}
