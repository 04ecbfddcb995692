/**
 * The value of a JSON text with nothing rounded: each number is a text that is the same for each spelling of it. Written
 * apart from the code that it judges.
 */
export function exactValue(json: string): unknown {
  return JSON.parse(json, (_name, value: unknown, read?: { source?: string }) =>
    typeof value === 'number' ? { number: decimalOf(read!.source!) } : value,
  );
}

/** 12.50 and 1.25e1 are both 125e-1. */
export function decimalOf(number: string): string {
  const [digits = '', power = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  let value = BigInt(`${whole}${fraction}`);
  let exponent = Number(power) - fraction.length;
  if (value === 0n) return whole.startsWith('-') ? '-0' : '0';
  while (value % 10n === 0n) {
    value /= 10n;
    exponent += 1;
  }
  return `${value}e${exponent}`;
}
