import type { OrderIn } from '@proofbox/contract';
import { money } from '../format/number.ts';

/** One difference between two versions of an order, in words. */
export type Change = { what: string; before: string; after: string };

type Item = OrderIn['items'][number];

/** What differs between two versions of an order. Items are compared by their place. */
export function changesBetween(before: OrderIn, after: OrderIn): Change[] {
  const places = Math.max(before.items.length, after.items.length);
  return [
    ...difference('franchise', idWords(before.franchiseId), idWords(after.franchiseId)),
    ...difference('store', idWords(before.storeId), idWords(after.storeId)),
    ...Array.from({ length: places }, (_, place) =>
      itemChange(place, before.items[place], after.items[place]),
    ).flat(),
  ];
}

function itemChange(place: number, before: Item | undefined, after: Item | undefined): Change[] {
  return difference(`item ${place + 1}`, itemWords(before), itemWords(after));
}

function difference(what: string, before: string, after: string): Change[] {
  return before === after ? [] : [{ what, before, after }];
}

function itemWords(item: Item | undefined): string {
  if (item === undefined) return 'none';
  return `${item.description}, menu ${idWords(item.menuId)}, ${money(item.price)}`;
}

/** An id that is a text is shown in quotes where it could be taken for a number: for a factory they differ. */
function idWords(id: string | number): string {
  return typeof id === 'string' && /^-?\d+(\.\d+)?$/.test(id) ? `"${id}"` : String(id);
}
