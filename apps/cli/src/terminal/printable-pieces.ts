import { escapeControls, printableLines } from '@proofbox/runtime/printable';

/**
 * A file that comes in pieces, safe for a terminal whatever server wrote it. In JSON the values stay what they are; in CSV
 * the characters that a terminal would obey become blanks.
 */
export async function* printablePieces(
  pieces: AsyncIterable<string>,
  format: 'ndjson' | 'csv',
): AsyncGenerator<string> {
  if (format === 'ndjson') {
    for await (const piece of pieces) yield escapeControls(piece);
    return;
  }
  // Only what follows a carriage return shows whether it ends a line.
  let kept = '';
  for await (const piece of pieces) {
    const text = kept + piece;
    kept = text.endsWith('\r') ? '\r' : '';
    yield printableLines(text.slice(0, text.length - kept.length));
  }
  yield printableLines(kept);
}
