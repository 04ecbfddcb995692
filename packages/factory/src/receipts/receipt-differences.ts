import type { FactoryRequest, ReceiptPayload } from '@proofbox/contract';

/**
 * How closely a receipt is compared with the order that was sent.
 * - `strict`: order, diner, store, franchise, and the pizzas with their prices
 * - `id`: the order's id only, for a factory that changes the rest on purpose
 */
export const receiptMatches = ['strict', 'id'] as const;
export type ReceiptMatch = (typeof receiptMatches)[number];

/**
 * The fields, by name, in which a receipt contradicts the order that was sent; none: it is the receipt of that order.
 * Ids count as texts (1 is "1"), prices as numbers ("0.050" is 0.05), the order of pizzas not at all. What a factory
 * adds is fine, and so is a name or an e-mail that it leaves out; an e-mail of another person is not.
 */
export function receiptDifferences(
  receipt: ReceiptPayload,
  sent: FactoryRequest,
  match: ReceiptMatch,
): string[] {
  const order = fieldsOf(receipt.order);
  const compared: [string, boolean][] = [['order.id', isSameId(order['id'], sent.order.id)]];
  if (match === 'strict') {
    const diner = fieldsOf(receipt['diner']);
    const items = Array.isArray(order['items']) ? order['items'].map(fieldsOf) : [];
    compared.push(
      ['diner.id', isSameId(diner['id'], sent.diner.id)],
      ['diner.email', isSameEmail(diner['email'], sent.diner.email)],
      ['order.franchiseId', isSameId(order['franchiseId'], sent.order.franchiseId)],
      ['order.storeId', isSameId(order['storeId'], sent.order.storeId)],
      ['order.items', areSameItems(items, sent.order.items)],
    );
  }
  return compared.filter(([, isSame]) => !isSame).map(([field]) => field);
}

type Fields = Record<string, unknown>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function isSameId(received: unknown, sent: string | number): boolean {
  return idText(received) === String(sent);
}

/** A number beyond 2^53 stands for several ids, so it is none. */
function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined;
}

function isSameEmail(received: unknown, sent: string | undefined): boolean {
  if (typeof received !== 'string' || received === '' || sent === undefined) return true;
  return folded(received) === folded(sent);
}

function folded(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** The same pizzas at the same prices, in any order. */
function areSameItems(received: Fields[], sent: FactoryRequest['order']['items']): boolean {
  const expected = sent.map(itemText).toSorted();
  const found = received.map(itemText).toSorted();
  return found.length === expected.length && found.every((item, index) => item === expected[index]);
}

function itemText({ menuId, price }: { menuId?: unknown; price?: unknown }): string {
  return JSON.stringify([idText(menuId), numberOf(price).toFixed(8)]);
}

function numberOf(value: unknown): number {
  if (typeof value === 'string' && value.trim() !== '') return Number(value);
  return typeof value === 'number' ? value : NaN;
}
