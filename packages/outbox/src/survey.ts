import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Rest } from '@proofbox/ledger';
import { familyOf, fileOf, numbersIn } from './claims.ts';
import { isLocked } from './file-lock.ts';
import { toJournaled } from './journal-file.ts';
import { openReadOnly, type Reader } from './read-only.ts';
import type { SpooledOrder } from './spool-file.ts';

/** Times are ms since the epoch. `file` is relative to the folder. `trouble`: why it could not be read. */
type Surveyed = { file: string; isInUse: boolean; trouble?: string };
export type SurveyedSpool = Surveyed & { waiting: number; parked: number; oldestAt?: number };
export type SurveyedJournal = Surveyed & { orders: number; atRest: number; from?: number; to?: number };

/** An order that Redis refused, or that waits, or of which the journal has a copy. */
type ReadableOrder = { file: string; order: SpooledOrder } & (
  | { kind: 'waiting' }
  | { kind: 'parked'; parkedAt: number; why: string }
  | { kind: 'journaled'; keptAt: number; rest?: Rest }
);
/** What is stored of an order is no order: the text as it stands there. */
export type UnreadableOrder = {
  kind: 'unreadable';
  file: string;
  id: string;
  parkedAt?: number;
  content: string;
};
export type StoredOrder = ReadableOrder | UnreadableOrder;
export type StoredKind = ReadableOrder['kind'];

export type SpoolPlace = { folder: string; keyTag: string };

/** What is in the files of a folder, without touching them; ingests may be running. */
export function surveySpools(place: SpoolPlace): SurveyedSpool[] {
  return filesOf(place, 'spool').map((each) =>
    survey(each, { waiting: 0, parked: 0 }, (reader) => {
      const waiting = reader.first('SELECT count(*) AS orders, min(accepted_at) AS oldest FROM waiting');
      const parked = reader.first('SELECT count(*) AS orders FROM parked');
      return {
        waiting: Number(waiting?.['orders'] ?? 0),
        parked: Number(parked?.['orders'] ?? 0),
        ...(waiting?.['oldest'] != null && { oldestAt: Number(waiting['oldest']) }),
      };
    }),
  );
}

/** As `surveySpools`. */
export function surveyJournals(place: SpoolPlace): SurveyedJournal[] {
  return filesOf(place, 'journal').map((each) =>
    survey(each, { orders: 0, atRest: 0 }, (reader) => {
      const counts = reader.first('SELECT count(*) AS orders, count(rest) AS at_rest FROM orders');
      const from = reader.first('SELECT kept_at FROM orders ORDER BY seq LIMIT 1');
      const to = reader.first('SELECT kept_at FROM orders ORDER BY seq DESC LIMIT 1');
      return {
        orders: Number(counts?.['orders'] ?? 0),
        atRest: Number(counts?.['at_rest'] ?? 0),
        ...(from && { from: Number(from['kept_at']) }),
        ...(to && { to: Number(to['kept_at']) }),
      };
    }),
  );
}

/**
 * Every order of the spool files, and of the journals where they are wanted, file by file, oldest first.
 * @throws Error of SQLite for a file that cannot be read
 */
export function* readStored(place: SpoolPlace, kinds: StoredKind[]): Generator<StoredOrder> {
  for (const { path: at, file } of filesOf(place, 'spool')) {
    using reader = openReadOnly(at);
    if (kinds.includes('waiting')) {
      for (const row of reader.pages(
        'SELECT seq, id, content FROM waiting WHERE seq > ? ORDER BY seq LIMIT ?',
      ))
        yield readOr(file, row, () => ({ kind: 'waiting', file, order: orderIn(row) }));
    }
    if (kinds.includes('parked')) {
      const parked =
        'SELECT rowid, id, content, parked_at, why FROM parked WHERE rowid > ? ORDER BY rowid LIMIT ?';
      for (const row of reader.pages(parked)) {
        const [parkedAt, why] = [Number(row['parked_at']), String(row['why'])];
        yield readOr(file, row, () => ({ kind: 'parked', file, parkedAt, why, order: orderIn(row) }));
      }
    }
  }
  if (!kinds.includes('journaled')) return;
  for (const { path: at, file } of filesOf(place, 'journal')) {
    using reader = openReadOnly(at);
    const journaled = 'SELECT seq, id, kept_at, content, rest FROM orders WHERE seq > ? ORDER BY seq LIMIT ?';
    for (const row of reader.pages(journaled)) {
      yield readOr(file, row, () => {
        const { seq: _seq, ...stored } = toJournaled(row);
        return { kind: 'journaled', file, keptAt: Number(row['kept_at']), ...stored };
      });
    }
  }
}

type PlacedFile = { path: string; lock: string; file: string };

function filesOf({ folder, keyTag }: SpoolPlace, kind: 'spool' | 'journal'): PlacedFile[] {
  const family = familyOf({ folder, keyTag, kind });
  return numbersIn(family)
    .map((number) => ({
      path: fileOf(family.base, number),
      lock: `${family.base}.${number}.lock`,
      file: path.relative(folder, fileOf(family.base, number)),
    }))
    .filter((each) => existsSync(each.path));
}

function survey<T>(at: PlacedFile, nothing: T, read: (reader: Reader) => T): Surveyed & T {
  const isInUse = isLocked(at.lock);
  try {
    using reader = openReadOnly(at.path);
    return { file: at.file, isInUse, ...read(reader) };
  } catch (error) {
    return { file: at.file, isInUse, ...nothing, trouble: (error as Error).message };
  }
}

/** One that cannot be read must not hide those behind it. */
function readOr(file: string, row: Record<string, unknown>, read: () => ReadableOrder): StoredOrder {
  try {
    return read();
  } catch {
    const parkedAt = row['parked_at'];
    return {
      kind: 'unreadable',
      file,
      id: String(row['id']),
      ...(parkedAt !== undefined && { parkedAt: Number(parkedAt) }),
      content: String(row['content']),
    };
  }
}

function orderIn(row: Record<string, unknown>): SpooledOrder {
  return JSON.parse(String(row['content'])) as SpooledOrder;
}
