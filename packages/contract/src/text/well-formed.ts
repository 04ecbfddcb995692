/**
 * Text as it may be kept: half a character (a surrogate without its other half) becomes U+FFFD, so that the text is
 * the same in memory, in UTF-8 and in JSON.
 * @param most so many code points are kept; a character is never cut in two
 */
export function wellFormed(text: string, most = Infinity): string {
  const whole = text.toWellFormed();
  if (whole.length <= most) return whole;
  let end = 0;
  for (let kept = 0; kept < most && end < whole.length; kept += 1)
    end += whole.codePointAt(end)! > 0xffff ? 2 : 1;
  return whole.slice(0, end);
}

/**
 * An id as text: one spelling for each value, whether it was sent as a number or as a string. The indexes and the
 * filters go by it.
 */
export function idText(id: string | number): string {
  return wellFormed(String(id));
}
