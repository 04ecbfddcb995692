import type { Rest } from '@proofbox/ledger';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SpooledOrder } from './spool-file.ts';

/** An order as it was promised, and how it came to rest as far as the journal has heard of it. */
export type JournaledOrder = { seq: number; order: SpooledOrder; rest?: Rest };

/**
 * The journal of one file: orders in the order in which they were written. Everything here is synchronous.
 * `commit` hands it to the kernel and does not wait for the disk: it is a second copy, of what Redis has on its disk.
 * @throws Error of SQLite when the disk is full or broken: then nothing has changed
 */
export class JournalFile implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #orders: number;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    // NORMAL: what was committed outlives the process at once, and the machine once it has been checkpointed.
    this.#database.exec(
      'PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;',
    );
    this.#database.exec('PRAGMA busy_timeout = 1000;');
    this.#database.exec(schema);
    this.#orders = Number(this.#get('SELECT count(*) AS orders FROM orders')!['orders']);
  }

  get orders(): number {
    return this.#orders;
  }

  /** Does all of `work`, or none of it. */
  commit<T>(work: () => T): T {
    const orders = this.#orders;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      this.#database.exec('COMMIT');
      return done;
    } catch (error) {
      this.#orders = orders;
      // SQLite has rolled back by itself where the disk was full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Writes an order down, once. @param at ms since the epoch: its hours count from then */
  keep({ doubleClick: _promisedAlready, ...order }: SpooledOrder, at: number): void {
    this.#orders += this.#run(
      'INSERT OR IGNORE INTO orders (id, kept_at, content) VALUES (?, ?, ?)',
      order.id,
      at,
      JSON.stringify(order),
    );
  }

  /** Writes down how an order came to rest, if it is here. A receipt is the last word. */
  rest(id: string, rest: Rest): void {
    this.#run(
      `UPDATE orders SET rest = ? WHERE id = ? AND (rest IS NULL OR rest ->> 'state' <> 'fulfilled')`,
      JSON.stringify(rest),
      id,
    );
  }

  /** Orders of which nobody has heard that they came to rest, in the order in which they were written. */
  restless(afterSeq: number, count: number): { seq: number; id: string }[] {
    return this.#all(
      'SELECT seq, id FROM orders WHERE rest IS NULL AND seq > ? ORDER BY seq LIMIT ?',
      afterSeq,
      count,
    ).map((row) => ({ seq: Number(row['seq']), id: String(row['id']) }));
  }

  /** Which of these are here, and may come to rest in another way than is written down. */
  unsettled(ids: string[]): string[] {
    return this.#all(
      `SELECT id FROM orders WHERE id IN (SELECT value FROM json_each(?)) AND (rest IS NULL OR rest ->> 'state' <> 'fulfilled')`,
      JSON.stringify(ids),
    ).map((row) => String(row['id']));
  }

  /** @param onBroken told of each of them that cannot be read; the others are read all the same */
  read(
    afterSeq: number,
    count: number,
    onBroken: (seq: number, error: unknown) => void = () => {},
  ): JournaledOrder[] {
    const rows = this.#all(
      'SELECT seq, content, rest FROM orders WHERE seq > ? ORDER BY seq LIMIT ?',
      afterSeq,
      count,
    );
    return rows.flatMap((row) => {
      try {
        return toJournaled(row);
      } catch (error) {
        onBroken(Number(row['seq']), error);
        return [];
      }
    });
  }

  /** Forgets the oldest of those that were written before `before`, at most `count`. @returns how many */
  prune(before: number, count: number): number {
    const forgotten = this.#run(
      'DELETE FROM orders WHERE seq IN (SELECT seq FROM orders ORDER BY seq LIMIT ?) AND kept_at < ?',
      count,
      before,
    );
    this.#orders -= forgotten;
    return forgotten;
  }

  /** Gives room that is not used any more back to the disk, at most so many pages of 4 kB. */
  shrink(pages: number): void {
    this.#database.exec(`PRAGMA incremental_vacuum(${pages})`);
  }

  /** What `setMark` wrote last, as JSON. */
  mark(): string | undefined {
    const row = this.#get('SELECT json FROM mark WHERE one = 1');
    return row && String(row['json']);
  }

  setMark(json: string): void {
    this.#run('INSERT OR REPLACE INTO mark (one, json) VALUES (1, ?)', json);
  }

  /** Whether these orders have to be held against a Redis that has lost some, and nobody has come to the end of it. */
  isDue(): boolean {
    return this.#get('SELECT one FROM mark WHERE one = 2') !== undefined;
  }

  setDue(isDue: boolean): void {
    if (isDue) this.#run(`INSERT OR IGNORE INTO mark (one, json) VALUES (2, 'true')`);
    else this.#run('DELETE FROM mark WHERE one = 2');
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #get(sql: string, ...values: (string | number)[]): Record<string, unknown> | undefined {
    return this.#prepare(sql).get(...values);
  }

  #all(sql: string, ...values: (string | number)[]): Record<string, unknown>[] {
    return this.#prepare(sql).all(...values);
  }

  #run(sql: string, ...values: (string | number)[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

const schema = `
  CREATE TABLE IF NOT EXISTS orders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kept_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    rest TEXT
  );
  CREATE INDEX IF NOT EXISTS restless ON orders (seq) WHERE rest IS NULL;
  CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY, json TEXT NOT NULL);
`;

export function toJournaled(row: Record<string, unknown>): JournaledOrder {
  const { seq, content, rest } = row;
  return {
    seq: Number(seq),
    order: JSON.parse(String(content)) as SpooledOrder,
    ...(typeof rest === 'string' && { rest: JSON.parse(rest) as Rest }),
  };
}
