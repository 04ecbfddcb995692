import { isExactNumber, orderIn, type OrderIn, type OrderWithId } from '@proofbox/contract';

/**
 * An order while it is edited: every field is the text that stands in its input. `original` keeps what the form
 * does not show, and whether an id was a number or a text.
 */
export type ItemDraft = {
  key: number;
  menuId: string;
  description: string;
  price: string;
  original?: OrderIn['items'][number];
};
export type OrderDraft = { franchiseId: string; storeId: string; items: ItemDraft[]; original: OrderWithId };

/** What is wrong, by the field: `storeId`, `items.0.price`, `items`. */
export type DraftErrors = Record<string, string>;

export function draftOf(order: OrderWithId): OrderDraft {
  return {
    franchiseId: String(order.franchiseId),
    storeId: String(order.storeId),
    items: order.items.map((item, key) => ({
      key,
      menuId: String(item.menuId),
      description: item.description,
      price: String(item.price),
      original: item,
    })),
    original: order,
  };
}

/** The order that a draft means, or what is wrong with it, both by the rules of the contract. */
export function orderOfDraft(draft: OrderDraft): { order: OrderIn } | { errors: DraftErrors } {
  const { id: _id, ...rest } = draft.original;
  const parsed = orderIn.safeParse({
    ...rest,
    franchiseId: idOf(draft.franchiseId, draft.original.franchiseId),
    storeId: idOf(draft.storeId, draft.original.storeId),
    items: draft.items.map(({ menuId, description, price, original }) => ({
      ...original,
      menuId: idOf(menuId, original?.menuId),
      description,
      price: numberOf(price),
    })),
  });
  if (parsed.success) return { order: parsed.data };
  const errors: DraftErrors = {};
  for (const { path, message } of parsed.error.issues) errors[path.join('.')] ??= message;
  return { errors };
}

export function withItem(draft: OrderDraft): OrderDraft {
  const key = Math.max(-1, ...draft.items.map((item) => item.key)) + 1;
  return { ...draft, items: [...draft.items, { key, menuId: '', description: '', price: '' }] };
}

export function withoutItem(draft: OrderDraft, key: number): OrderDraft {
  return { ...draft, items: draft.items.filter((item) => item.key !== key) };
}

export function withItemChanged(draft: OrderDraft, key: number, change: Partial<ItemDraft>): OrderDraft {
  return { ...draft, items: draft.items.map((item) => (item.key === key ? { ...item, ...change } : item)) };
}

/** An id stays what it was, a text or a number; a new one is a number where it reads like one. */
function idOf(text: string, original: string | number | undefined): string | number {
  if (original !== undefined && text === String(original)) return original;
  const trimmed = text.trim();
  if (typeof original === 'string' || !/^-?\d+$/.test(trimmed) || !isExactNumber(trimmed)) return trimmed;
  return Number(trimmed);
}

/** An empty field is no price of zero, and what would become another number is none. */
function numberOf(text: string): number | string {
  const trimmed = text.trim();
  const isNumber = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(trimmed);
  return isNumber && isExactNumber(trimmed) ? Number(trimmed) : text;
}
