/** Lower case of ASCII letters only, as Lua in Redis does it. */
export function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Whether an error contains `text` (lower case). A text without a digit is not looked for within ids, which are 20 or
 * more letters and digits, among them a digit: nobody means those.
 */
export function errorHas(detail: string | undefined, text: string): boolean {
  const said = lowerAscii(detail ?? '');
  return (/\d/.test(text) ? said : withoutIds(said)).includes(text);
}

/** Stands for an id; nobody types it. */
export const idMark = '\u0001';

/** The same with a mark for each id. */
export function withoutIds(said: string): string {
  return said.replaceAll(/[0-9a-z]{20,}/g, (run) => (/\d/.test(run) ? idMark : run));
}
