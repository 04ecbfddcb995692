/** Characters that a terminal obeys instead of showing them, and those that turn the direction of writing. */
const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** The same in a text of several lines: a carriage return that ends a line ends it, any other writes over it. */
const controlsInLines = /\r(?!\n)|(?![\r\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A deep copy whose texts a terminal can be trusted with: diners and factories choose some of them, and an escape
 * sequence would reach into an admin's screen.
 */
export function printable<T>(value: T): T {
  if (typeof value === 'string') return value.replace(controls, ' ') as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(printable) as T;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, printable(inner)])) as T;
}

/** A text whose lines stay lines. */
export function printableLines(text: string): string {
  return text.replace(controlsInLines, ' ');
}

/** One JSON value on lines of its own; such characters are escaped, so that the value stays what it is. */
export function printableJson(value: unknown): string {
  return `${escapeControls(JSON.stringify(value, undefined, 2))}\n`;
}

/** The same on one line, for values that follow each other. */
export function printableJsonLine(value: unknown): string {
  return `${escapeControls(JSON.stringify(value))}\n`;
}

/** JSON whose values stay what they are, on as many lines as before. */
export function escapeControls(json: string): string {
  return json.replace(controls, (found) => (found === '\n' ? found : escapeUnits(found)));
}

function escapeUnits(text: string): string {
  const units = Array.from({ length: text.length }, (_each, i) => text.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
