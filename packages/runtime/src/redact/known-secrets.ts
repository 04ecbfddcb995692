import { endOf, folded, startOf, type TextView } from './text-view.ts';
import { shortestPhrase, TextWindows, type Part } from './text-windows.ts';

/** Finds texts that are known to be secret, in whatever case, width, blanks or encoding, also where they were cut. */
export type KnownSecrets = { partsIn(view: TextView): Part[] };

const shortest = 3;
/** A text longer than this is looked for by its beginning. */
const longest = 512;

/**
 * @param known.keys ours: API keys, passwords, secrets
 * @param known.personal of a diner: name, e-mail, and what else says who they are
 * @param known.leastOfKey so many characters in a row are taken for a part of a key; a shorter key is looked for as a whole
 */
export function knownSecrets({
  keys = [],
  personal = [],
  leastOfKey,
}: {
  keys?: readonly string[];
  personal?: readonly string[];
  leastOfKey: number;
}): KnownSecrets {
  const windows = new TextWindows();
  for (const key of usable(keys)) {
    const plain = foldedText(key);
    windows.add(plain, Math.min(plain.length, leastOfKey));
    for (const encoded of encodingsOf(key)) windows.add(encoded, leastOfKey);
  }
  for (const text of usable(personal)) {
    for (const plain of spellingsOf(text)) windows.add(plain, mostOf(plain));
    for (const encoded of encodingsOf(text))
      if (encoded.length >= shortestPhrase) windows.add(encoded, mostOf(encoded));
  }
  return {
    partsIn(view) {
      const compared = folded(view);
      return windows.in(compared.text).map(({ start, end }) => ({
        start: startOf(compared, start),
        end: endOf(compared, end - 1),
      }));
    },
  };
}

function usable(texts: readonly string[]): string[] {
  return texts.map((text) => text.slice(0, longest)).filter((text) => foldedText(text).length >= shortest);
}

/** Of a person's name two thirds, so that the pizza they are named like can still be read. */
function mostOf(text: string): number {
  return Math.max(Math.min(text.length, shortestPhrase), Math.ceil((text.length * 2) / 3));
}

function foldedText(text: string): string {
  return folded({ text, offsets: undefined }).text.trim();
}

/** A name as forms, addresses and file names have it. */
function spellingsOf(text: string): string[] {
  const plain = foldedText(text);
  const words = plain.split(' ');
  const joined = [' ', '', '_', '-', '.', '+'].map((joint) => words.join(joint));
  const reversed = words.length > 1 ? [`${words.at(-1)}, ${words.slice(0, -1).join(' ')}`] : [];
  return [...new Set([...joined, ...reversed])];
}

/** What base64 and hex make of a text, whatever stands before and behind it; in lower case, as it is compared. */
function encodingsOf(text: string): string[] {
  const cases = new Set([text, text.toLowerCase(), text.toUpperCase()]);
  const encoded = Array.from(cases).flatMap((each) => {
    const bytes = Buffer.from(each);
    return [bytes.toString('hex'), ...base64Of(bytes)];
  });
  return [...new Set(encoded.flatMap((each) => [each, urlSafe(each)]).map((each) => each.toLowerCase()))];
}

/** The characters of base64 that hold bytes of this text only, for each place in a group of three at which it may start. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const characters = whole.toString('base64').replaceAll('=', '');
    const mixedAtEnd = whole.length % 3 === 0 ? 0 : 1;
    return characters.slice(before === 0 ? 0 : before + 1, characters.length - mixedAtEnd);
  });
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}
