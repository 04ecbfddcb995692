import type { NewOrder, Settlement } from '@proofbox/ledger';

/** An order as it was promised to its diner. */
export type PromisedOrder = NewOrder & { acceptedAt: number };

/**
 * - `undelivered`: Redis does not have it yet
 * - `delivered`: Redis has it, and this is a second copy
 * - `conflicted`: Redis has another order under its key, or it cannot be read; a person has to look
 */
export type RowState = 'undelivered' | 'delivered' | 'conflicted';

/** `settlement`: how the order was settled, as far as this file knows. */
export type OutboxRow = {
  seq: number;
  state: RowState;
  order: PromisedOrder;
  settlement?: Settlement;
};

type BrokenRow = { seq: number; state: RowState; error: Error };

/** Rows that come next, and those among them that cannot be read. `lastSeq`: 0 when there are none. */
export type Batch = { rows: OutboxRow[]; broken: BrokenRow[]; lastSeq: number };

/** As SQLite gives it. */
export type Row = Record<string, unknown>;

export function keyOf({ id, fingerprint }: PromisedOrder): [id: string, fingerprint: string] {
  return [id, fingerprint];
}

/** Without its double click: the diner holds a ticket of this very order, which must not become another one's. */
export function contentOf({ doubleClick: _promisedAlready, ...order }: PromisedOrder): string {
  return JSON.stringify(order);
}

export function batchOf(read: Row[]): Batch {
  const batch: Batch = { rows: [], broken: [], lastSeq: Number(read.at(-1)?.['seq'] ?? 0) };
  for (const row of read) {
    try {
      batch.rows.push(toOutboxRow(row));
    } catch (error) {
      batch.broken.push({ seq: Number(row['seq']), state: row['state'] as RowState, error: error as Error });
    }
  }
  return batch;
}

/** @throws SyntaxError when what is stored is no order */
export function toOutboxRow({ seq, state, content, settlement }: Row): OutboxRow {
  return {
    seq: Number(seq),
    state: state as RowState,
    order: JSON.parse(String(content)) as PromisedOrder,
    ...(typeof settlement === 'string' && { settlement: JSON.parse(settlement) as Settlement }),
  };
}
