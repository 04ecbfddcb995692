/** A part of a text, in indices of that text: `start` up to and without `end`. */
export type Part = { start: number; end: number };

/** Shorter texts are too common to be found within a word. */
export const shortestPhrase = 6;

/** Texts that are looked for all at once, by all their stretches of some size: a text is found that has one of them. */
export class TextWindows {
  /** By how they begin, so that a text is read once, however many sizes there are. */
  readonly #byStart = new Map<string, { sizes: Set<number>; windows: Set<string> }>();
  readonly #short = new Set<string>();

  add(text: string, size: number): void {
    for (let i = 0; i + size <= text.length; i += 1) this.#addWindow(text.slice(i, i + size));
  }

  #addWindow(window: string): void {
    if (window.length < shortestPhrase) {
      this.#short.add(window);
      return;
    }
    const start = window.slice(0, shortestPhrase);
    const known = this.#byStart.get(start) ?? { sizes: new Set(), windows: new Set() };
    known.sizes.add(window.length);
    known.windows.add(window);
    this.#byStart.set(start, known);
  }

  /** The stretches of a text that are made of what is looked for. They do not overlap. */
  in(text: string): Part[] {
    const found: Part[] = [];
    for (let start = 0; start < text.length; start += 1) {
      const end = start + Math.max(this.#longestAt(text, start), this.#shortWordAt(text, start));
      if (end === start) continue;
      const last = found.at(-1);
      if (last && start <= last.end) last.end = Math.max(last.end, end);
      else found.push({ start, end });
    }
    return found;
  }

  #longestAt(text: string, start: number): number {
    const known = this.#byStart.get(text.slice(start, start + shortestPhrase));
    if (!known) return 0;
    const sizes = Array.from(known.sizes);
    return Math.max(0, ...sizes.filter((size) => known.windows.has(text.slice(start, start + size))));
  }

  #shortWordAt(text: string, start: number): number {
    for (const window of this.#short)
      if (
        text.startsWith(window, start) &&
        !isOfWord(text[start - 1]) &&
        !isOfWord(text[start + window.length])
      )
        return window.length;
    return 0;
  }
}

function isOfWord(character = ' '): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}
