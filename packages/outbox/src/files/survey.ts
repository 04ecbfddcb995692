import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import type { Settlement } from '@proofbox/ledger';
import { filesIn, type OutboxLocation } from './claims.ts';
import { isLocked } from './file-lock.ts';
import { toOutboxRow, type PromisedOrder, type Row, type RowState } from './outbox-row.ts';

/**
 * What is in one file. `settled`: of the delivered, those of which it is known how they were settled. Times are ms since
 * the epoch: `oldestAt` of the oldest undelivered order, `from` and `to` of the deliveries. `file` is relative to the
 * folder. `trouble`: why it could not be read.
 */
export type SurveyedFile = {
  file: string;
  isInUse: boolean;
  undelivered: number;
  delivered: number;
  settled: number;
  conflicted: number;
  oldestAt?: number;
  from?: number;
  to?: number;
  trouble?: string;
};

/** `since`: when it came into its state, in ms since the epoch. `why`: of one that is conflicted. */
type Stored = { state: RowState; file: string; since: number; why?: string };
/** What is stored of an order is no order: the text as it stands there. */
export type UnreadableOrder = Stored & { id: string; content: string };
export type ReadableOrder = Stored & { order: PromisedOrder; settlement?: Settlement };

const pageSize = 500;

/** What is in the files of a folder, without touching them; ingests may be running. */
export function surveyFiles(location: OutboxLocation): SurveyedFile[] {
  return filesIn(location).map(({ file: at, lock }) => {
    const file = path.relative(location.folder, at);
    const nothing = { undelivered: 0, delivered: 0, settled: 0, conflicted: 0 };
    const isInUse = isLocked(lock);
    try {
      using reader = openReadOnly(at);
      return { file, isInUse, ...nothing, ...countedIn(reader) };
    } catch (error) {
      return { file, isInUse, ...nothing, trouble: (error as Error).message };
    }
  });
}

/**
 * Every order in one of these states, file by file, oldest first.
 * @throws Error of SQLite for a file that cannot be read
 */
export function* readOrders(
  location: OutboxLocation,
  states: RowState[],
): Generator<ReadableOrder | UnreadableOrder> {
  for (const { file: at } of filesIn(location)) {
    const file = path.relative(location.folder, at);
    using reader = openReadOnly(at);
    for (let page: Row[] = [], after = 0; ; after = Number(page.at(-1)!['seq'])) {
      page = reader.all(
        `SELECT * FROM orders WHERE seq > ? AND state IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`,
        after,
        JSON.stringify(states),
        pageSize,
      );
      yield* page.map((row) => toStored(file, row));
      if (page.length < pageSize) break;
    }
  }
}

type Reader = Disposable & { all(sql: string, ...values: (string | number)[]): Row[] };

/** Reads in a file that another process may be writing to. One that was made and not filled yet has no tables. */
function openReadOnly(file: string): Reader {
  const database = new DatabaseSync(file, { readOnly: true });
  database.exec('PRAGMA busy_timeout = 1000');
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;
  return {
    all: (sql, ...values) => (isEmpty ? [] : database.prepare(sql).all(...values)),
    [Symbol.dispose]: () => database.close(),
  };
}

function countedIn(reader: Reader): Partial<SurveyedFile> {
  const counts = reader.all(
    `SELECT count(*) FILTER (WHERE state = 'undelivered') AS undelivered,
      count(*) FILTER (WHERE state = 'delivered') AS delivered,
      count(settlement) FILTER (WHERE state = 'delivered') AS settled,
      count(*) FILTER (WHERE state = 'conflicted') AS conflicted,
      min(accepted_at) FILTER (WHERE state = 'undelivered') AS oldestAt,
      min(since) FILTER (WHERE state = 'delivered') AS "from",
      max(since) FILTER (WHERE state = 'delivered') AS "to" FROM orders`,
  );
  const found = Object.entries(counts[0] ?? {}).filter(([, value]) => value !== null);
  return Object.fromEntries(found.map(([name, value]) => [name, Number(value)]));
}

/** One that cannot be read must not hide those behind it. */
function toStored(file: string, row: Row): ReadableOrder | UnreadableOrder {
  const stored: Stored = {
    state: row['state'] as RowState,
    file,
    since: Number(row['since']),
    ...(typeof row['why'] === 'string' && { why: row['why'] }),
  };
  try {
    const { order, settlement } = toOutboxRow(row);
    return { ...stored, order, ...(settlement && { settlement }) };
  } catch {
    return { ...stored, id: String(row['id']), content: String(row['content']) };
  }
}
