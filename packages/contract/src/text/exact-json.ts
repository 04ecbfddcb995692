import { isExactNumber } from './exact-number.ts';
import { wellFormed } from './well-formed.ts';

/** What in a JSON text cannot be carried as it was sent: where, as `items.0.price`, and why, for a person. */
export type Inexact = { path: string; message: string };

/** Deeper than any order needs, and shallow enough for code that walks it later. */
const deepestNesting = 32;
/** Characters of a path or a number that a refusal repeats. */
const mostShown = 100;

/** An object or a list around what is being read. `key`: the name or the number, within it, of what is being read. */
type Level = { names?: Set<string>; isNameNext: boolean; key: string | number };

/**
 * Finds the first thing in a JSON text that a JSON parser changes or drops without a word: a number that a double cannot
 * hold, a name that stands twice in one object, half a character, NUL, `__proto__`; and what is nested too deep.
 * Takes time in proportion to the length of the text.
 * @param json valid JSON, which is not checked again
 */
export function findInexact(json: string): Inexact | undefined {
  const levels: Level[] = [];
  let fault: string | undefined;
  let end = 0;
  for (let start = 0; start < json.length && fault === undefined; start = end) {
    end = start + 1;
    switch (json.charAt(start)) {
      case '{':
        fault = enter(levels, { names: new Set(), isNameNext: true, key: '' });
        break;
      case '[':
        fault = enter(levels, { isNameNext: false, key: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        goOn(levels.at(-1)!);
        break;
      case '"':
        end = endOfText(json, start);
        fault = faultOfText(json.slice(start, end), levels.at(-1));
        break;
      default:
        if (!startsNumber(json.charCodeAt(start))) break;
        end = endOfNumber(json, start);
        fault = faultOfNumber(json.slice(start, end));
    }
  }
  return fault === undefined ? undefined : { path: pathOf(levels), message: fault };
}

function enter(levels: Level[], level: Level): string | undefined {
  if (levels.length === deepestNesting) return `it is nested deeper than ${deepestNesting} levels`;
  levels.push(level);
  return undefined;
}

/** To the next name of an object, or the next entry of a list. */
function goOn(level: Level): void {
  if (level.names) level.isNameNext = true;
  else level.key = Number(level.key) + 1;
}

const [quote, backslash] = [0x22, 0x5c];

function endOfText(json: string, start: number): number {
  let at = start + 1;
  for (let code = json.charCodeAt(at); code !== quote; code = json.charCodeAt(at))
    at += code === backslash ? 2 : 1;
  return at + 1;
}

function endOfNumber(json: string, start: number): number {
  let at = start + 1;
  while (isInNumber(json.charCodeAt(at))) at += 1;
  return at;
}

/** A digit or a minus sign. No other word of JSON begins so. */
function startsNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d;
}

/** The same, and `+`, `.`, `E`, `e`. */
function isInNumber(code: number): boolean {
  return startsNumber(code) || code === 0x2b || code === 0x2e || code === 0x45 || code === 0x65;
}

function faultOfText(quoted: string, level: Level | undefined): string | undefined {
  const isPlain = quoted.isWellFormed() && !quoted.includes('\\');
  const text = isPlain ? quoted.slice(1, -1) : (JSON.parse(quoted) as string);
  return (level?.isNameNext && faultOfName(text, level)) || faultOfCharacters(text);
}

function faultOfName(name: string, level: Level): string | undefined {
  level.isNameNext = false;
  level.key = name;
  if (name === '__proto__') return 'a field of this name is not taken';
  if (level.names!.has(name)) return 'this name stands twice in one object';
  level.names!.add(name);
  return undefined;
}

function faultOfCharacters(text: string): string | undefined {
  if (!text.isWellFormed()) return 'half a character stands here (a surrogate without its other half)';
  return text.includes('\0') ? 'the character NUL stands here' : undefined;
}

function faultOfNumber(number: string): string | undefined {
  if (isExactNumber(number)) return undefined;
  return `the number ${wellFormed(number, mostShown)} cannot be carried exactly: it would become ${Number(number)}. Send fewer digits, or a text`;
}

function pathOf(levels: readonly Level[]): string {
  return wellFormed(levels.map(({ key }) => key).join('.'), mostShown);
}
