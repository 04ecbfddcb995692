const grouped = new Intl.NumberFormat('en-US');
const exact = new Intl.NumberFormat('en-US', { maximumFractionDigits: 8, useGrouping: false });

/** 1234567 as "1,234,567". */
export function inGroups(n: number): string {
  return grouped.format(n);
}

/** "1 order", "1,234 orders". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${inGroups(n)} ${n === 1 ? one : many}`;
}

/** Prices are tiny: 3.8e-7 is written 0.00000038. */
export function plainNumber(value: number): string {
  return exact.format(value);
}
