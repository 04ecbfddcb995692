import { DatabaseSync } from 'node:sqlite';

type Row = Record<string, unknown>;

/** Reads in a file that another process may be writing to. */
export type Reader = Disposable & {
  first(sql: string): Row | undefined;
  /** Page by page: the first column of `sql` counts up, and has to be above its parameter; the limit comes second. */
  pages(sql: string): Generator<Row>;
};

const pageSize = 500;

/** @throws Error of SQLite when the file is none of its own, or cannot be read */
export function openReadOnly(file: string): Reader {
  const database = new DatabaseSync(file, { readOnly: true });
  database.exec('PRAGMA busy_timeout = 1000');
  /** A file that was made and not filled yet has no tables. */
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;

  function* pages(sql: string): Generator<Row> {
    if (isEmpty) return;
    const statement = database.prepare(sql);
    for (let after = 0; ;) {
      const rows = statement.all(after, pageSize);
      yield* rows;
      if (rows.length < pageSize) return;
      after = Number(Object.values(rows.at(-1)!)[0]);
    }
  }
  return {
    first: (sql) => (isEmpty ? undefined : database.prepare(sql).get()),
    pages,
    [Symbol.dispose]: () => database.close(),
  };
}
