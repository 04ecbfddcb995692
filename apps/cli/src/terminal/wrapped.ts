import { stripVTControlCharacters } from 'node:util';

/** Breaks a text between words, so that no line is longer than the screen. @param width undefined: no line is too long */
export function wrapped(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last !== undefined && stripVTControlCharacters(longer).length <= width) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines.join('\n');
}
