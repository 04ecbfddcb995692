/** A text as it reads, and which part of the original each of its characters stands for. */
export type TextView = {
  text: string;
  /** Where that part starts and ends, by the character's index; undefined: at the same index, one long. */
  offsets: { starts: number[]; ends: number[] } | undefined;
};

/** One character in the spelling of URLs, of JSON, or of HTML. */
const escape =
  /%(?:[0-7][\da-f]|[cd][\da-f]%[89ab][\da-f]|e[\da-f](?:%[89ab][\da-f]){2}|f[0-7](?:%[89ab][\da-f]){3})|\\(?:u[\da-f]{4}|x[\da-f]{2}|["'\\/bfnrt])|&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos|nbsp);/gi;

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** A view with one layer of such spellings taken away; the view itself where there is none. */
export function unescaped(view: TextView): TextView {
  if (!/[%\\&]/.test(view.text)) return view;
  let text = '';
  let readTo = 0;
  const offsets = { starts: [] as number[], ends: [] as number[] };
  const take = (part: string, from: number, to: number | undefined): void => {
    for (let i = 0; i < part.length; i += 1) {
      offsets.starts.push(startOf(view, to === undefined ? from + i : from));
      offsets.ends.push(endOf(view, to === undefined ? from + i : to - 1));
    }
    text += part;
  };
  for (const { 0: found, index } of view.text.matchAll(escape)) {
    const character = characterOf(found);
    if (character === undefined) continue;
    take(view.text.slice(readTo, index), readTo, undefined);
    readTo = index + found.length;
    take(character, index, readTo);
  }
  if (readTo === 0) return view;
  take(view.text.slice(readTo), readTo, undefined);
  return { text, offsets };
}

function characterOf(found: string): string | undefined {
  const body = found.slice(1);
  try {
    if (found.startsWith('%')) return decodeURIComponent(found);
    if (found.startsWith('\\'))
      return body.length === 1 ? lettersOf(body) : String.fromCharCode(hexOf(body.slice(1)));
    const name = body.slice(0, -1).toLowerCase();
    if (!name.startsWith('#')) return named[name];
    return String.fromCodePoint(name.startsWith('#x') ? hexOf(name.slice(2)) : Number(name.slice(1)));
  } catch {
    // It is spelled like a character, and there is no such character.
    return undefined;
  }
}

function lettersOf(letter: string): string {
  return /[bfnrt]/i.test(letter) ? ' ' : letter;
}

function hexOf(digits: string): number {
  return Number.parseInt(digits, 16);
}

export function startOf({ offsets }: TextView, index: number): number {
  return offsets ? offsets.starts[index]! : index;
}

/** Behind the last unit of the original that the character stands for. */
export function endOf({ offsets }: TextView, index: number): number {
  return offsets ? offsets.ends[index]! : index + 1;
}

/** A character as it is compared: without case, accents, width and kind of blank. Nothing for one that cannot be seen. */
function foldedCharacter(character: string): string {
  if (character >= '!' && character <= '~') return character.toLowerCase();
  return character
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[\s\p{Cc}]/gu, ' ')
    .toUpperCase()
    .toLowerCase();
}

/** A view as it is compared: every character folded, and of several blanks only one. */
export function folded(view: TextView): TextView {
  if (/^(?: ?[!-~])*$/.test(view.text)) return { text: view.text.toLowerCase(), offsets: view.offsets };
  let text = '';
  const offsets = { starts: [] as number[], ends: [] as number[] };
  let index = 0;
  for (const character of view.text) {
    const start = startOf(view, index);
    index += character.length;
    const end = endOf(view, index - 1);
    for (const unit of foldedCharacter(character)) {
      if (unit === ' ' && text.endsWith(' ')) continue;
      for (let i = 0; i < unit.length; i += 1) {
        offsets.starts.push(start);
        offsets.ends.push(end);
      }
      text += unit;
    }
  }
  return { text, offsets };
}
