/**
 * Whether a number in a JSON text keeps its value when it is read and written again. How it is spelt does not count: 5.0
 * and 1e2 are exact; 9007199254740993, 0.1000000000000000055, 1e400, 1e-400 and -0 are not.
 */
export function isExactNumber(number: string): boolean {
  const value = Number(number);
  if (Object.is(value, -0) || !Number.isFinite(value)) return false;
  // A double holds any 15 digits.
  return isShort(number) || valueOf(number) === valueOf(String(value));
}

function isShort(number: string): boolean {
  return number.length <= 15 && !/e/i.test(number);
}

/** The value itself, the same for each spelling: its digits without zeros around them, and the power of ten behind them. */
function valueOf(number: string): string {
  const [, sign, whole = '', fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(
    number,
  )!;
  const digits = whole + fraction;
  let start = 0;
  while (digits[start] === '0') start += 1;
  let end = digits.length;
  while (end > start && digits[end - 1] === '0') end -= 1;
  if (start === end) return '0';
  return `${sign}${digits.slice(start, end)}e${Number(power) - fraction.length + digits.length - end}`;
}
