import { DatabaseSync } from 'node:sqlite';
import type { Accepted, NewOrder } from '@proofbox/ledger';

/** An order as it was promised to its diner. */
export type SpooledOrder = NewOrder & { acceptedAt: number };

/** `full`: there are as many as there may be. */
export type SpoolReply = Accepted | { status: 'full' };

/**
 * The orders of one file, in the order in which they came. Everything here is synchronous, and on the disk once
 * `commit` returns. @throws Error of SQLite when the disk is full or broken: then nothing has changed
 */
export class SpoolFile implements Disposable {
  readonly #database: DatabaseSync;
  #orders: number;
  #parked: number;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    // FULL: each commit is on the disk before it returns, and not only in the kernel.
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 1000;');
    this.#database.exec(schema);
    this.#orders = this.#count('waiting');
    this.#parked = this.#count('parked');
  }

  /** Orders that wait for Redis. */
  get orders(): number {
    return this.#orders;
  }

  /** Orders that Redis refused and somebody has to look at. */
  get parked(): number {
    return this.#parked;
  }

  /** Does all of `work` and writes it to the disk, or none of it. */
  commit<T>(work: () => T): T {
    const { orders, parked } = this;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      this.#database.exec('COMMIT');
      return done;
    } catch (error) {
      this.#orders = orders;
      this.#parked = parked;
      // SQLite has rolled back by itself where the disk was full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Takes an order in, or recognises it, by the rules of the ledger's `accept`. Belongs into `commit`. */
  take(order: SpooledOrder, maxOrders: number): SpoolReply {
    const known = this.recall(order);
    if (known) return { status: known.status, id: known.id };
    if (this.#orders >= maxOrders) return { status: 'full' };
    const { doubleClick } = order;
    this.#run(
      'INSERT INTO waiting (id, fingerprint, accepted_at, click, click_until, content) VALUES (?, ?, ?, ?, ?, ?)',
      order.id,
      order.fingerprint,
      order.acceptedAt,
      doubleClick?.key ?? null,
      doubleClick ? order.acceptedAt + doubleClick.windowMs : null,
      JSON.stringify(order),
    );
    this.#orders += 1;
    return { status: 'accepted', id: order.id };
  }

  /** The order that this one repeats, if it waits here, and when that was promised. */
  recall(order: SpooledOrder): (Accepted & { acceptedAt: number }) | undefined {
    const byId = this.#first('SELECT id, fingerprint, accepted_at FROM waiting WHERE id = ?', order.id);
    if (byId) {
      const status = byId['fingerprint'] === order.fingerprint ? 'existing' : 'conflict';
      return { status, id: order.id, acceptedAt: Number(byId['accepted_at']) };
    }
    if (!order.doubleClick) return undefined;
    const byClick = this.#first(
      'SELECT id, accepted_at FROM waiting WHERE click = ? AND click_until > ? ORDER BY seq LIMIT 1',
      order.doubleClick.key,
      order.acceptedAt,
    );
    return (
      byClick && {
        status: 'existing',
        id: String(byClick['id']),
        acceptedAt: Number(byClick['accepted_at']),
      }
    );
  }

  find(id: string): SpooledOrder | undefined {
    const row = this.#first('SELECT content FROM waiting WHERE id = ?', id);
    return row && read(row);
  }

  /** The oldest that wait, oldest first. One that cannot be read is set aside: it must not hold up those behind it. */
  oldest(count: number): SpooledOrder[] {
    const rows = this.#database.prepare('SELECT id, content FROM waiting ORDER BY seq LIMIT ?').all(count);
    const broken: string[] = [];
    const orders = rows.flatMap((row) => {
      try {
        return [read(row)];
      } catch {
        broken.push(String(row['id']));
        return [];
      }
    });
    if (broken.length === 0) return orders;
    this.commit(() => broken.forEach((id) => this.#parkUnread(id)));
    return orders.length > 0 ? orders : this.oldest(count);
  }

  remove(id: string): void {
    this.#orders -= this.#run('DELETE FROM waiting WHERE id = ?', id);
  }

  /** Sets an order aside, with the reason why it is not taken. Another one under the same id stays where it is. */
  park(order: SpooledOrder, why: string): void {
    this.#orders -= this.#run(
      'DELETE FROM waiting WHERE id = ? AND fingerprint = ?',
      order.id,
      order.fingerprint,
    );
    this.#parked += this.#run(
      'INSERT OR IGNORE INTO parked (id, fingerprint, parked_at, why, content) VALUES (?, ?, ?, ?, ?)',
      order.id,
      order.fingerprint,
      Date.now(),
      why,
      JSON.stringify(order),
    );
  }

  #parkUnread(id: string): void {
    this.#parked += this.#run(
      `INSERT OR IGNORE INTO parked (id, fingerprint, parked_at, why, content)
        SELECT id, fingerprint, ?, 'it cannot be read', content FROM waiting WHERE id = ?`,
      Date.now(),
      id,
    );
    this.remove(id);
  }

  /** Redis has the one, and does not take the other. Both or neither is written down. */
  settle({ flushed, parked, why }: { flushed: SpooledOrder[]; parked: SpooledOrder[]; why: string }): void {
    this.commit(() => {
      for (const { id } of flushed) this.remove(id);
      for (const order of parked) this.park(order, why);
    });
  }

  /** Writes something, to see whether it can be done. */
  tryToWrite(): void {
    this.commit(() => this.#run('INSERT OR REPLACE INTO tried (one, at) VALUES (1, ?)', Date.now()));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #count(table: 'waiting' | 'parked'): number {
    return Number(this.#first(`SELECT count(*) AS orders FROM ${table}`)!['orders']);
  }

  #first(sql: string, ...values: (string | number)[]): Record<string, unknown> | undefined {
    return this.#database.prepare(sql).get(...values);
  }

  #run(sql: string, ...values: (string | number | null)[]): number {
    return Number(this.#database.prepare(sql).run(...values).changes);
  }
}

const schema = `
  CREATE TABLE IF NOT EXISTS waiting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    click TEXT,
    click_until INTEGER,
    content TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS waiting_by_click ON waiting (click) WHERE click IS NOT NULL;
  CREATE TABLE IF NOT EXISTS parked (
    id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    parked_at INTEGER NOT NULL,
    why TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (id, fingerprint)
  );
  CREATE TABLE IF NOT EXISTS tried (one INTEGER PRIMARY KEY, at INTEGER NOT NULL);
`;

function read(row: Record<string, unknown>): SpooledOrder {
  return JSON.parse(String(row['content'])) as SpooledOrder;
}
