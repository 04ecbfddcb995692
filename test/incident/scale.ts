/** From a value to a place on the picture. */
export type Scale = (value: number) => number;

type Range = readonly [from: number, to: number];

export function linearScale(values: Range, places: Range): Scale {
  const perUnit = (places[1] - places[0]) / (values[1] - values[0]);
  return (value) => places[0] + (value - values[0]) * perUnit;
}

/** Round numbers from 0 up to `max` or a little below: at most five steps of 1, 2 or 5 times a power of ten. */
export function ticksUpTo(max: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, max / 5)));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => max / each <= 5)!;
  return Array.from({ length: Math.floor(max / step) + 1 }, (_each, index) => index * step);
}
