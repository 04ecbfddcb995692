import { csvHead, csvRow, type CsvColumns } from '../terminal/csv.ts';
import type { FormatOptions } from './format-options.ts';
import { printable, printableJson } from '@proofbox/runtime/printable';
import type { Terminal } from '../terminal/terminal.ts';

type Page = { nextCursor?: string | undefined };

/** How the pages of a list are written. */
export type ListView<P extends Page, T> = {
  /** The field of the JSON value that has the rows. */
  name: string;
  rowsIn: (page: P) => T[];
  csv: CsvColumns<T>;
  /** A page for a person. */
  table: (rows: T[]) => string;
  /** What there is to say about a page beside its rows. */
  remark?: (page: P) => string | undefined;
  /** What is said where nothing matches. */
  none: string;
  /** The other fields of the JSON value, of all pages together. */
  rest: (pages: { before: Record<string, unknown>; page: P }) => Record<string, unknown>;
};

/** Writes page by page, as they come, so that a list may be larger than the memory. */
export async function writeList<P extends Page, T>(
  terminal: Pick<Terminal, 'out' | 'err' | 'drained'>,
  { pages, format, view }: { pages: AsyncIterable<P>; format: FormatOptions; view: ListView<P, T> },
): Promise<void> {
  const write = format.json ? writeJson : format.csv ? writeCsv : writeTables;
  const nextCursor = await write(terminal, pages, view);
  if (nextCursor !== undefined && !format.json)
    terminal.err(`There are more: add --after ${printable(nextCursor)}, or --all\n`);
}

type Writer = <P extends Page, T>(
  terminal: Pick<Terminal, 'out' | 'err' | 'drained'>,
  pages: AsyncIterable<P>,
  view: ListView<P, T>,
) => Promise<string | undefined>;

const writeTables: Writer = async ({ out, err, drained }, pages, view) => {
  let isEmpty = true;
  let nextCursor: string | undefined;
  for await (const page of pages) {
    const rows = view.rowsIn(page);
    if (rows.length > 0) out(`${isEmpty ? '' : '\n'}${view.table(rows)}\n`);
    const remark = view.remark?.(page);
    if (remark !== undefined) err(`${remark}\n`);
    isEmpty &&= rows.length === 0 && remark === undefined;
    nextCursor = page.nextCursor;
    await drained();
  }
  if (isEmpty) out(`${view.none}\n`);
  return nextCursor;
};

const writeCsv: Writer = async ({ out, err, drained }, pages, view) => {
  out(csvHead(view.csv));
  let nextCursor: string | undefined;
  for await (const page of pages) {
    for (const row of view.rowsIn(page)) out(csvRow(view.csv, row));
    const remark = view.remark?.(page);
    if (remark !== undefined) err(`${remark}\n`);
    nextCursor = page.nextCursor;
    await drained();
  }
  return nextCursor;
};

const writeJson: Writer = async ({ out, drained }, pages, view) => {
  out(`{\n  "${view.name}": [`);
  let rest: Record<string, unknown> = {};
  let separator = '\n';
  let nextCursor: string | undefined;
  for await (const page of pages) {
    for (const row of view.rowsIn(page)) {
      out(`${separator}${indented(printableJson(row))}`);
      separator = ',\n';
    }
    rest = view.rest({ before: rest, page });
    nextCursor = page.nextCursor;
    await drained();
  }
  const fields = Object.entries({ ...rest, nextCursor }).filter(([, value]) => value !== undefined);
  const tail = fields.map(([name, value]) => `,\n  "${name}": ${printableJson(value).trimEnd()}`);
  out(`${separator === '\n' ? '' : '\n  '}]${tail.join('')}\n}\n`);
  return nextCursor;
};

function indented(json: string): string {
  return json.trimEnd().replace(/^/gm, '    ');
}
