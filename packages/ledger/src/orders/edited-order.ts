import { isDeepStrictEqual } from 'node:util';
import { maxOrderBytes, orderWithId, type OrderIn, type OrderWithId } from '@proofbox/contract';
import { InvalidEdit, OrderTooLarge } from '../errors.ts';

/** The order as it shall be, and the names of the fields that differ, for the audit log; no values, they may be personal. */
export type EditedOrder = { order: OrderWithId; changed: string[] };

/**
 * Lays an edit over an order. What an editor does not know of stays: fields of the order that the edit does not name, and
 * those of an item, as long as the same dish is in the same position.
 * @throws InvalidEdit when the edit would change the order's id, OrderTooLarge when the order would become too large
 */
export function layOver(before: OrderWithId, edit: OrderIn): EditedOrder {
  const wantedId = edit['id'];
  // Frontends send an id as a number or as a text.
  if (wantedId !== undefined && !isSameId(wantedId, before.id)) {
    throw new InvalidEdit('order.id', 'the id of an order cannot be changed');
  }
  const items = edit.items.map((item, index) => {
    const old = before.items[index];
    return old !== undefined && isSameId(old.menuId, item.menuId) ? { ...old, ...item } : item;
  });
  const order = orderWithId.parse({ ...before, ...edit, items, id: before.id });
  if (Buffer.byteLength(JSON.stringify(order)) > maxOrderBytes) {
    throw new OrderTooLarge(
      `The order would be larger than ${maxOrderBytes} bytes with the fields it has already`,
    );
  }
  const changed = Object.keys(order).filter((name) => !isDeepStrictEqual(order[name], before[name]));
  return { order, changed };
}

function isSameId(one: unknown, other: string | number): boolean {
  return (typeof one === 'string' || typeof one === 'number') && String(one) === String(other);
}
