import { expect, test } from 'vitest';
import { followPages } from '../api/follow-pages.ts';
import { writeList, type ListView } from './write-list.ts';

type Page = { rows: string[]; nextCursor?: string | undefined; examined: number };

const view: ListView<Page, string> = {
  name: 'rows',
  rowsIn: ({ rows }) => rows,
  csv: { row: (row) => row },
  table: (rows) => rows.join('\n'),
  none: 'No rows match.',
  rest: ({ before, page }) => ({ examined: Number(before['examined'] ?? 0) + page.examined }),
};

/** A list of so many rows, in pages of two, every second page empty. */
function pagesOf(total: number, limit = Infinity, after?: string): AsyncGenerator<Page> {
  return followPages<Page>({
    limit,
    after,
    rowsIn: ({ rows }) => rows.length,
    read: async ({ cursor = '0', limit: most }) => {
      const at = Number.parseInt(cursor, 10);
      if (cursor.endsWith('+')) return { rows: [], nextCursor: String(at), examined: 100 };
      const rows = Array.from({ length: Math.min(2, most, total - at) }, (_each, i) => `row ${at + i}`);
      const next = at + rows.length;
      return { rows, ...(next < total && { nextCursor: `${next}+` }), examined: 1 };
    },
  });
}

async function written(pages: AsyncIterable<Page>, format: { json?: boolean; csv?: boolean }) {
  let out = '';
  let err = '';
  let drains = 0;
  const terminal = {
    out: (text: string) => (out += text),
    err: (text: string) => (err += text),
    drained: async () => void (drains += 1),
  };
  await writeList(terminal as never, { pages, format, view });
  return { out, err, drains };
}

test('all pages together are one JSON value, written page by page', async () => {
  const { out, drains } = await written(pagesOf(5), { json: true });
  expect(JSON.parse(out)).toEqual({ rows: ['row 0', 'row 1', 'row 2', 'row 3', 'row 4'], examined: 203 });
  expect(drains).toBe(5);
});

test('an empty list is a JSON value, a line of names, or a sentence', async () => {
  expect(JSON.parse((await written(pagesOf(0), { json: true })).out)).toEqual({ rows: [], examined: 1 });
  expect((await written(pagesOf(0), { csv: true })).out).toBe('row\r\n');
  expect((await written(pagesOf(0), {})).out).toBe('No rows match.\n');
});

test('as many as were asked for, however the pages fall, and how to go on', async () => {
  const { out, err } = await written(pagesOf(5, 3), {});
  expect(out).toBe('row 0\nrow 1\n\nrow 2\n');
  expect(err).toBe('There are more: add --after 3+, or --all\n');
  expect((await written(pagesOf(5, 9, '3+'), {})).out).toBe('row 3\nrow 4\n');
  const json = JSON.parse((await written(pagesOf(5, 3), { json: true })).out);
  expect(json).toMatchObject({ rows: ['row 0', 'row 1', 'row 2'], nextCursor: '3+' });
});

test('a list that stands still is a failure, not for ever', async () => {
  const pages = followPages<Page>({
    limit: Infinity,
    after: undefined,
    rowsIn: () => 0,
    read: async () => ({ rows: [], nextCursor: 'same', examined: 0 }),
  });
  await expect(written(pages, { json: true })).rejects.toThrow('gave the same page twice');
});

test('what cannot be shown in a row is told beside the rows, and a list with it is not empty', async () => {
  const remarked: typeof view = {
    ...view,
    remark: ({ examined }) => (examined === 1 ? 'one is broken' : undefined),
  };
  for (const format of [{}, { csv: true }]) {
    let [out, err] = ['', ''];
    const terminal = {
      out: (text: string) => (out += text),
      err: (text: string) => (err += text),
      drained: async () => {},
    };
    await writeList(terminal as never, { pages: pagesOf(0), format, view: remarked });
    expect(out).not.toContain('No rows match.');
    expect(err).toBe('one is broken\n');
  }
});
