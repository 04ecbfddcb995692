import { idMark, withoutIds } from './error-text.ts';

/** Holds the errors that came after the last group was made. */
const otherErrors = 'other';

/**
 * Dead letters whose errors differ in numbers and ids only are one group. Its pattern is an error in lower case with a
 * mark for each id, then `#` for each run of hexadecimal digits and hyphens that has a decimal digit
 * (dead-letter-indexes.lua).
 * @param text in lower case
 * @param patterns by group
 * @returns the groups in which there may be an error with the text, each of which has to be looked at; none is in any other
 */
export function groupsThatMayHave(text: string, patterns: Record<string, string>): string[] {
  const forms = formsOf(text);
  const found = Object.entries(patterns).filter(([, pattern]) =>
    forms.some((form) => pattern.includes(form)),
  );
  return [...found.map(([group]) => group), otherErrors];
}

/** How the text can look within a pattern, where it may begin and end within a longer run. */
function formsOf(text: string): string[] {
  if (!/\d/.test(text)) return formsByNumbers(text);
  const start = /^[0-9a-z]+/.exec(text)?.[0] ?? '';
  if (start === text) return [idMark, ...formsByNumbers(text)];
  const end = endOf(text, /[0-9a-z]/);
  const middle = withoutIds(text.slice(start.length, text.length - end.length));
  const heads = start === '' ? [''] : [start, idMark];
  const tails = end === '' ? [''] : [end, idMark];
  return heads.flatMap((head) => tails.flatMap((tail) => formsByNumbers(`${head}${middle}${tail}`)));
}

/** `pizza b` may be a part of `pizza b7`, which is `pizza #`. */
function formsByNumbers(text: string): string[] {
  const start = /^[0-9a-f-]+/.exec(text)?.[0] ?? '';
  if (start === text) return formsOfRun(text);
  const end = endOf(text, /[0-9a-f-]/);
  const middle = text
    .slice(start.length, text.length - end.length)
    .replaceAll(/[0-9a-f-]+/g, (run) => (/\d/.test(run) ? '#' : run));
  return formsOfRun(start).flatMap((head) => formsOfRun(end).map((tail) => `${head}${middle}${tail}`));
}

/** What of a text, at its end, is made of such characters only. A pattern with `+$` would try each place in turn. */
function endOf(text: string, character: RegExp): string {
  let start = text.length;
  while (start > 0 && character.test(text[start - 1]!)) start -= 1;
  return text.slice(start);
}

function formsOfRun(run: string): string[] {
  if (run === '') return [''];
  return /\d/.test(run) ? ['#'] : [run, '#'];
}
