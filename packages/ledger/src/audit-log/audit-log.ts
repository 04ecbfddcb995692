import type { AuditAction, AuditEntry, AuditFilter, AuditPage } from '@proofbox/contract/admin';
import type { Redis } from 'ioredis';
import { readAuditEntry, type StoredEntry } from './audit-entry-codec.ts';
import { createAuditFilter } from './audit-filter.ts';
import { auditCursor } from './audit-cursor.ts';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';

/**
 * What a person did that is no change of an order: those write their entries themselves. `at` in ms since the epoch; now,
 * by Redis' clock, where it is left out.
 */
export type NewAuditEntry = {
  at?: number;
  by: string;
  action: AuditAction;
  /** An order's id, `factory:<name>`, `queue` or `session`. */
  subject: string;
  why: string;
  /** What came of it, as text. */
  result?: string;
};

export type AuditLog = ReturnType<typeof createAuditLog>;

/** Entries read at once, and those looked at for one page at most. */
const chunkSize = 500;
const mostExamined = 10_000;
/** Of one order's history, and the like. */
const longestHistory = 1_000;
/** The log is in order of Redis' clock, which may have been set: `at` may differ by so much. */
const clocksDifferMs = 3_600_000;

/** Who did what to what, when and why. Entries are added, and never changed or removed. */
export function createAuditLog({ redis, names }: { redis: Redis; names: Names }) {
  const appendEntry = defineScript(redis, new URL('./append-audit.lua', import.meta.url), { keys: 2 });

  async function readEntries(entryIds: string[]): Promise<StoredEntry[]> {
    const pipeline = redis.pipeline();
    for (const entryId of entryIds) pipeline.xrange(names.audit, entryId, entryId);
    return ((await pipeline.exec()) ?? []).flatMap(([error, entries]) => {
      if (error) throw error;
      return entries as StoredEntry[];
    });
  }

  /** The whole log, newest first, in chunks. */
  async function* backwards(from: string | undefined, filter: AuditFilter): AsyncGenerator<Chunk> {
    let end = from === undefined ? latestEntryId(filter) : `(${from}`;
    const earliest = filter.from === undefined ? 0 : Date.parse(filter.from) - clocksDifferMs;
    for (;;) {
      const entries = await redis.xrevrange(names.audit, end, '-', 'COUNT', chunkSize);
      const last = entries.at(-1);
      const isEnd = last === undefined || entries.length < chunkSize || timeOf(last[0]) < earliest;
      yield { entries: entries.map((entry) => ({ entry, cursor: entry[0] })), isEnd };
      if (isEnd) return;
      end = `(${last[0]}`;
    }
  }

  /** The entries of one subject, newest first. `from`: how many older ones there are. */
  async function* backwardsOf(subject: string, from: number | undefined): AsyncGenerator<Chunk> {
    const list = names.auditOf(subject);
    let older = from ?? (await redis.llen(list));
    while (older > 0) {
      const first = Math.max(0, older - chunkSize);
      const entryIds = await redis.lrange(list, first, older - 1);
      const found = new Map((await readEntries(entryIds)).map((entry) => [entry[0], entry]));
      const entries = entryIds
        .flatMap((entryId, i) => {
          const entry = found.get(entryId);
          return entry ? [{ entry, cursor: String(first + i) }] : [];
        })
        .toReversed();
      older = first;
      yield { entries, isEnd: older === 0 };
    }
  }

  return {
    async append({ at, by, action, subject, why, result }: NewAuditEntry): Promise<void> {
      const keys = [names.audit, names.auditOf(subject)];
      await appendEntry(...keys, names.root, at ?? '', by, action, subject, why, result ?? '');
    },

    /**
     * One page, newest first. It looks at so many entries and no more: where few match it is short, or empty, and
     * goes on at `nextCursor` all the same.
     * @throws InvalidCursor for a cursor that no page of such a filter ended with
     */
    async page(input: { filter: AuditFilter; limit: number; cursor?: string }): Promise<AuditPage> {
      const { filter, limit } = input;
      const isWanted = createAuditFilter(filter);
      const chunks =
        filter.subject === undefined
          ? backwards(auditCursor.ofLog(input.cursor), filter)
          : backwardsOf(filter.subject, auditCursor.ofSubject(input.cursor));
      const entries: AuditEntry[] = [];
      let examined = 0;
      for await (const chunk of chunks) {
        for (const [i, { entry, cursor }] of chunk.entries.entries()) {
          const read = readAuditEntry(entry);
          examined += 1;
          if (isWanted(read)) entries.push(read);
          const isLast = chunk.isEnd && i === chunk.entries.length - 1;
          if (!isLast && (entries.length === limit || examined === mostExamined))
            return { entries, nextCursor: cursor };
        }
      }
      return { entries };
    },

    /** What was done to one order, or to whatever the subject is, oldest first: the last thousand entries. */
    async of(subject: string): Promise<AuditEntry[]> {
      const entryIds = await redis.lrange(names.auditOf(subject), -longestHistory, -1);
      return (await readEntries(entryIds)).map(readAuditEntry);
    },

    /** All entries that a filter asks for, oldest first, up to the one that is the newest now. */
    async *all(filter: AuditFilter = {}): AsyncGenerator<AuditEntry> {
      const isWanted = createAuditFilter(filter);
      const [newest] = await redis.xrevrange(names.audit, '+', '-', 'COUNT', 1);
      if (newest === undefined) return;
      for (let start = '-'; ;) {
        const entries = await redis.xrange(names.audit, start, newest[0], 'COUNT', chunkSize);
        yield* entries.map(readAuditEntry).filter(isWanted);
        if (entries.length < chunkSize) return;
        start = `(${entries.at(-1)![0]}`;
      }
    },
  };
}

/** `cursor` is that of a page that ends with this entry. */
type Chunk = { entries: { entry: StoredEntry; cursor: string }[]; isEnd: boolean };

function latestEntryId({ to }: AuditFilter): string {
  return to === undefined ? '+' : String(Math.max(0, Date.parse(to) + clocksDifferMs));
}

function timeOf(entryId: string): number {
  return Number(entryId.split('-')[0]);
}
