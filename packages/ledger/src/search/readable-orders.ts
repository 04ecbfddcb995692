import type { OrderRecord } from '@proofbox/contract';
import { decodeRecord, UnreadableRecordError } from '../record-codec.ts';
import type { StoredOrder } from '../stored-orders.ts';

/** Decodes what can be decoded: one bad record must not hide the others. `unreadable`: ids of those that cannot. */
export function readableOrders(stored: StoredOrder[]): { orders: OrderRecord[]; unreadable: string[] } {
  const orders: OrderRecord[] = [];
  const unreadable: string[] = [];
  for (const { id, hash, attempts } of stored) {
    try {
      orders.push(decodeRecord(hash, attempts));
    } catch (error) {
      if (!(error instanceof UnreadableRecordError)) throw error;
      unreadable.push(id);
    }
  }
  return { orders, unreadable };
}
