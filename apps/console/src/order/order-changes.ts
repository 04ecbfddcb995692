import type { OrderIn } from '@proofbox/contract';
import { money } from '../format/number.ts';

/** One difference between two versions of an order, as text. */
export type Change = { what: string; before: string; after: string };

type Item = OrderIn['items'][number];

/** What differs between two versions of an order. Items are compared by their position. */
export function changesBetween(before: OrderIn, after: OrderIn): Change[] {
  const items = Math.max(before.items.length, after.items.length);
  return [
    ...difference('franchise', idLabel(before.franchiseId), idLabel(after.franchiseId)),
    ...difference('store', idLabel(before.storeId), idLabel(after.storeId)),
    ...Array.from({ length: items }, (_, index) =>
      itemChange(index, before.items[index], after.items[index]),
    ).flat(),
  ];
}

function itemChange(index: number, before: Item | undefined, after: Item | undefined): Change[] {
  return difference(`item ${index + 1}`, itemLabel(before), itemLabel(after));
}

function difference(what: string, before: string, after: string): Change[] {
  return before === after ? [] : [{ what, before, after }];
}

function itemLabel(item: Item | undefined): string {
  if (item === undefined) return 'none';
  return `${item.description}, menu ${idLabel(item.menuId)}, ${money(item.price)}`;
}

/** An id that is a text is shown in quotes where it could be taken for a number: for a factory they differ. */
function idLabel(id: string | number): string {
  return typeof id === 'string' && /^-?\d+(\.\d+)?$/.test(id) ? `"${id}"` : String(id);
}
