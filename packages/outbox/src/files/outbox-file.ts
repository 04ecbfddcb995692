import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Accepted, Settlement } from '@proofbox/ledger';
import {
  batchOf,
  contentOf,
  keyOf,
  type Batch,
  type OutboxRow,
  type PromisedOrder,
  type Row,
  type RowState,
} from './outbox-row.ts';
import {
  addCopy,
  addPromised,
  byClick,
  countRows,
  forgetRow,
  isOpen,
  keepRow,
  sameId,
  schema,
} from './statements.ts';

/** `full`: there are as many undelivered orders as there may be. */
export type TakenOrder = Accepted | { status: 'full' };

/** Delivered rows that Redis may have lost: those after `after`, up to and with `until`. */
export type Doubt = { after: number; until: number };

/**
 * The orders of one file, in the order in which they came. Everything here is synchronous.
 * @throws Error of SQLite when the disk is full or broken: then nothing has changed
 */
export class OutboxFile implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #counts: Record<RowState, number>;
  #synchronous: 'FULL' | 'NORMAL' | undefined;
  #doubt: Doubt | undefined;

  readonly path: string;
  readonly #lock: Disposable | undefined;

  /** @param lock let go of when this is disposed of */
  constructor(path: string, lock?: Disposable) {
    this.path = path;
    this.#lock = lock;
    this.#database = new DatabaseSync(path);
    this.#database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;');
    this.#database.exec('PRAGMA busy_timeout = 1000;');
    this.#database.exec(schema);
    this.#counts = this.#get(countRows) as Record<RowState, number>;
    if (this.#mark('doubted') !== undefined) this.#doubt = { after: 0, until: this.#lastSeq() };
  }

  /** How many rows there are of each state. */
  get counts(): Readonly<Record<RowState, number>> {
    return this.#counts;
  }

  /** Whether there is anything that Redis has to be given, or may lack. */
  get isDue(): boolean {
    return this.#counts.undelivered > 0 || this.#doubt !== undefined;
  }

  /**
   * Does all of `work`, or none of it. @param options.isSynced waits until it is on the disk; else it is in the kernel:
   * then it outlives the process, and the machine once SQLite has synced the file
   */
  commit<T>(work: () => T, { isSynced }: { isSynced: boolean }): T {
    const counts = { ...this.#counts };
    this.#synchronize(isSynced ? 'FULL' : 'NORMAL');
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      this.#database.exec('COMMIT');
      return done;
    } catch (error) {
      this.#counts = counts;
      // Where the disk was full, SQLite has rolled back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * Takes an order that Redis could not take, or recognises it, by the rules of the ledger's `accept`. One that was
   * delivered becomes undelivered again: it was promised again while Redis could not be asked. Belongs into a synced `commit`.
   */
  take(order: PromisedOrder, { isFull }: { isFull: boolean }): TakenOrder {
    const known = this.recall(order, ['undelivered', 'delivered']);
    if (known && (known.state === 'undelivered' || known.status === 'conflict'))
      return { status: known.status, id: known.id };
    if (isFull) return { status: 'full' };
    const before = this.#get('SELECT state FROM orders WHERE id = ? AND fingerprint = ?', ...keyOf(order));
    const { acceptedAt: at, doubleClick } = order;
    const click = doubleClick ? [doubleClick.key, at + doubleClick.windowMs] : [null, null];
    this.#run(addPromised, ...keyOf(order), at, at, ...click, contentOf(order));
    this.#count(before?.['state'] as RowState | undefined, 'undelivered', 1);
    return { status: known ? 'existing' : 'accepted', id: order.id };
  }

  /** Writes down a second copy of an order that Redis has, once. @param at ms since the epoch: its hours count from then */
  keep(order: PromisedOrder, at: number): void {
    const values = [...keyOf(order), at, order.acceptedAt, contentOf(order)];
    this.#count(undefined, 'delivered', this.#run(addCopy, ...values));
  }

  /** The order that this one repeats, if it is here in one of these states, and when that was promised. */
  recall(
    order: PromisedOrder,
    states: RowState[],
  ): (Accepted & { acceptedAt: number; state: RowState }) | undefined {
    const byId = this.#get(sameId, order.id, JSON.stringify(states), order.fingerprint);
    const row = byId ?? (order.doubleClick && this.#get(byClick, order.doubleClick.key, order.acceptedAt));
    if (!row) return undefined;
    const isOther = row === byId && row['fingerprint'] !== order.fingerprint;
    return {
      status: isOther ? 'conflict' : 'existing',
      id: String(row['id']),
      acceptedAt: Number(row['accepted_at']),
      state: row['state'] as RowState,
    };
  }

  /** An order that waits for Redis. */
  find(id: string): PromisedOrder | undefined {
    const row = this.#get(`SELECT content FROM orders WHERE state = 'undelivered' AND id = ?`, id);
    return row && (JSON.parse(String(row['content'])) as PromisedOrder);
  }

  /** When the oldest order that waits for Redis was promised, in ms since the epoch. */
  oldestAt(): number | undefined {
    const row = this.#get(`SELECT accepted_at FROM orders WHERE state = 'undelivered' ORDER BY seq LIMIT 1`);
    return row && Number(row['accepted_at']);
  }

  /** Rows that Redis does not have yet, oldest first. */
  undelivered(after: number, count: number): Batch {
    return this.#batch(`state = 'undelivered'`, { after, until: Infinity }, count);
  }

  /** Rows that Redis had, oldest first. */
  delivered(which: Doubt, count: number): Batch {
    return this.#batch(`state = 'delivered'`, which, count);
  }

  /** Redis has these. @param options.isKept as a second copy, whose hours count from `at`; else they are forgotten */
  markDelivered(rows: OutboxRow[], { at, isKept }: { at: number; isKept: boolean }): void {
    for (const { seq } of rows.filter(({ state }) => state === 'undelivered')) {
      const moved = isKept ? this.#run(keepRow, at, seq) : this.#run(forgetRow, seq);
      this.#count('undelivered', isKept ? 'delivered' : undefined, moved);
    }
  }

  /** Sets an order aside, with the reason why it cannot be given to Redis. @param state what it was */
  setAside({ seq, state, why, at }: { seq: number; state: RowState; why: string; at: number }): void {
    const sql = `UPDATE orders SET state = 'conflicted', since = ?, why = ? WHERE seq = ? AND state = ?`;
    this.#count(state, 'conflicted', this.#run(sql, at, why, seq, state));
  }

  /** Writes down how an order was settled, if its copy is here. A receipt is the last word. */
  settle(id: string, settlement: Settlement): void {
    const sql = `UPDATE orders SET settlement = ? WHERE id = ? AND state <> 'conflicted' AND ${isOpen}`;
    this.#run(sql, JSON.stringify(settlement), id);
  }

  /** Delivered orders of which it is not known how they were settled, oldest first. */
  unsettled(afterSeq: number, count: number): { seq: number; id: string }[] {
    const sql = `SELECT seq, id FROM orders WHERE state = 'delivered' AND settlement IS NULL AND seq > ?
      ORDER BY seq LIMIT ?`;
    return this.#all(sql, afterSeq, count) as { seq: number; id: string }[];
  }

  /** Which of these are here, and may be settled in another way than is written down. */
  unsettledAmong(ids: string[]): string[] {
    const sql = `SELECT id FROM orders WHERE id IN (SELECT value FROM json_each(?)) AND state = 'delivered' AND ${isOpen}`;
    return this.#all(sql, JSON.stringify(ids)).map((row) => String(row['id']));
  }

  /** Forgets the oldest of those that were delivered before `before`, at most `count`. @returns how many */
  prune(before: number, count: number): number {
    const oldest = `SELECT seq FROM orders WHERE state = 'delivered' AND since < ? ORDER BY since LIMIT ?`;
    const forgotten = this.#run(`DELETE FROM orders WHERE seq IN (${oldest})`, before, count);
    this.#count('delivered', undefined, forgotten);
    return forgotten;
  }

  /** Gives room that is not used any more back to the disk, at most so many pages of 4 kB. */
  shrink(pages: number): void {
    this.#database.exec(`PRAGMA incremental_vacuum(${pages})`);
  }

  /** What was last seen of Redis, as JSON. */
  get seen(): string | undefined {
    return this.#mark('seen');
  }

  set seen(json: string) {
    this.#setMark('seen', json);
  }

  /** The delivered rows that Redis may have lost, until they have been compared. */
  get doubt(): Doubt | undefined {
    return this.#doubt;
  }

  /** Redis may have lost any of the delivered rows. The file says so, to the process that finds it after a kill. */
  startDoubt(): void {
    this.#doubt = { after: 0, until: Infinity };
    this.#doubt.until = this.#lastSeq();
    this.#setMark('doubted', 'true');
  }

  /** Redis has them all. @param seen what Redis is now */
  endDoubt(seen: string | undefined): void {
    this.#doubt = undefined;
    const write = (): void => {
      this.#run(`DELETE FROM marks WHERE name = 'doubted'`);
      if (seen !== undefined) this.seen = seen;
    };
    this.commit(write, { isSynced: false });
  }

  /** Keeps a receipt that the ledger does not have yet, as JSON. Belongs into a synced `commit`. */
  addReceipt(json: string): void {
    this.#run('INSERT INTO receipts (content) VALUES (?)', json);
  }

  /** Oldest first. */
  receipts(): { seq: number; content: string }[] {
    return this.#all('SELECT seq, content FROM receipts ORDER BY seq') as { seq: number; content: string }[];
  }

  forgetReceipt(seq: number): void {
    this.#run('DELETE FROM receipts WHERE seq = ?', seq);
  }

  /** Writes something, to see whether it can be done. */
  tryToWrite(at: number): void {
    this.commit(() => this.#setMark('tried', String(at)), { isSynced: true });
  }

  [Symbol.dispose](): void {
    this.#database.close();
    this.#lock?.[Symbol.dispose]();
  }

  /** It cannot be changed within a transaction. A synced commit syncs what was written before it, too. */
  #synchronize(level: 'FULL' | 'NORMAL'): void {
    if (this.#synchronous !== level) this.#database.exec(`PRAGMA synchronous = ${level}`);
    this.#synchronous = level;
  }

  #batch(where: string, { after, until }: Doubt, count: number): Batch {
    const sql = `SELECT * FROM orders WHERE ${where} AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`;
    return batchOf(this.#all(sql, after, until, count));
  }

  #count(from: RowState | undefined, to: RowState | undefined, rows: number): void {
    if (from) this.#counts[from] -= rows;
    if (to) this.#counts[to] += rows;
  }

  #lastSeq(): number {
    return Number(this.#get('SELECT max(seq) AS seq FROM orders')?.['seq'] ?? 0);
  }

  #mark(name: string): string | undefined {
    const row = this.#get('SELECT value FROM marks WHERE name = ?', name);
    return row && String(row['value']);
  }

  #setMark(name: string, value: string): void {
    this.#run('INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)', name, value);
  }

  #get(sql: string, ...values: (string | number)[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  #all(sql: string, ...values: (string | number)[]): Row[] {
    return this.#prepare(sql).all(...values);
  }

  #run(sql: string, ...values: (string | number | null)[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}
