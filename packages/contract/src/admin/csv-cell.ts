/** What may end a cell somewhere: a spreadsheet cuts at the separator of its owner's country, whatever the file was made with. */
const separator = /([,;|\t\r\n])/;
/** Blanks, quotes and invisible characters before it do not keep a sign from beginning a formula. */
const formula = /^[\s"\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫−]/u;

/**
 * A text as a cell of a CSV file (RFC 4180). What begins like a formula would be run as one: an apostrophe says that it
 * is a text. Diners, factories and admins choose some of these texts.
 */
export function csvCell(text: string): string {
  const parts = text.split(separator).map((part) => (formula.test(part) ? `'${part}` : part));
  const guarded = /^[\t\r]/.test(text) ? `'${parts.join('')}` : parts.join('');
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
