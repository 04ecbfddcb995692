import { isDeepStrictEqual } from 'node:util';
import { maxOrderBytes, orderWithId, ProblemError, type OrderIn, type OrderWithId } from '@proofbox/contract';

/** The order as it shall be, and the names of the fields that differ, for the audit log; no values, they may be personal. */
export type EditedOrder = { order: OrderWithId; changed: string[] };

/**
 * Lays an edit over an order. What an editor does not know of stays: fields of the order that the edit does not name, and
 * those of an item, as long as the same dish is in the same place.
 * @throws ProblemError 400 when the edit would change the order's id, 413 when the order would become too large
 */
export function layOver(before: OrderWithId, edit: OrderIn): EditedOrder {
  const wantedId = edit['id'];
  // Frontends send an id as a number or as a text.
  if (wantedId !== undefined && !isSameId(wantedId, before.id)) throw idIsFixed();
  const items = edit.items.map((item, place) => {
    const old = before.items[place];
    return old !== undefined && isSameId(old.menuId, item.menuId) ? { ...old, ...item } : item;
  });
  const order = orderWithId.parse({ ...before, ...edit, items, id: before.id });
  if (Buffer.byteLength(JSON.stringify(order)) > maxOrderBytes) throw tooLarge();
  const changed = Object.keys(order).filter((name) => !isDeepStrictEqual(order[name], before[name]));
  return { order, changed };
}

function isSameId(one: unknown, other: string | number): boolean {
  return (typeof one === 'string' || typeof one === 'number') && String(one) === String(other);
}

function idIsFixed(): ProblemError {
  const message = 'the id of an order cannot be changed';
  return new ProblemError({
    status: 400,
    title: 'Bad Request',
    detail: `The order is not valid: order.id: ${message}`,
    errors: [{ path: 'order.id', message }],
  });
}

function tooLarge(): ProblemError {
  const detail = `The order would be larger than ${maxOrderBytes} bytes with the fields it has already`;
  return new ProblemError({ status: 413, title: 'Payload Too Large', detail });
}
