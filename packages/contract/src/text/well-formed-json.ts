/** A value as JSON that every reader takes: halves of characters, which JSON.stringify leaves as escapes, become U+FFFD. */
export function wellFormedJson(value: unknown): string {
  const json = JSON.stringify(value);
  // It escapes no surrogate that has its other half.
  return json.includes('\\ud')
    ? json.replaceAll(/\\(?:ud[89a-f]..|[^])/g, (escape) => (escape.length > 2 ? '\\ufffd' : escape))
    : json;
}
