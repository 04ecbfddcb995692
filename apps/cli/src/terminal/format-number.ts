/** The whole number 1234567 as "1,234,567". Not by Intl, which takes longer to load than a short command does. */
export function inGroups(n: number): string {
  const digits = String(n);
  const first = digits.length % 3 || 3;
  return [digits.slice(0, first), ...(digits.slice(first).match(/\d{3}/g) ?? [])].join(',');
}

/** "1 order", "1,234 orders". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${inGroups(n)} ${n === 1 ? one : many}`;
}

/** Prices are tiny: 3.8e-7 is written 0.00000038. */
export function plainNumber(value: number): string {
  return value.toFixed(8).replace(/(?:\.0{8}|0{1,8})$/, '');
}
