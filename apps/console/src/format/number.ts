const grouped = new Intl.NumberFormat('en-US');
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const precise = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 8 });

/** `1,204,000` */
export function count(value: number): string {
  return grouped.format(value);
}

/** `1.2M`: for axes and badges, where room is scarce. */
export function shortCount(value: number): string {
  return short.format(value);
}

/** `1,204 orders`, `1 order` */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Orders a second, as exact as it is worth: `0`, `0.4`, `12.5`, `1,204`. */
export function rate(perSecond: number): string {
  if (perSecond >= 100) return grouped.format(Math.round(perSecond));
  return String(Number(perSecond.toFixed(perSecond < 1 ? 2 : 1)));
}

/** A price in the shop's currency, with as many decimals as it has: `0.05`, `0.0038`. */
export function money(value: number): string {
  return precise.format(value);
}
