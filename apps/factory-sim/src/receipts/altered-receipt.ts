import { orderIdIn } from './order-check.ts';
import type { Receipt } from './receipt-signer.ts';
import type { Misreading } from '../faults/plan.ts';

/** What a factory that misreads an order signs. */
export function alteredReceipt(receipt: Receipt, receiptOf: Misreading | undefined): Receipt {
  if (receiptOf === undefined || receiptOf === 'number') return receipt;
  const { diner, order } = receipt as Receipt & { diner: object; order: { items: object[] } };
  if (receiptOf === 'another') return { ...receipt, order: { ...order, id: idOfAnother(order) } };
  switch (receiptOf.change) {
    case 'items':
      return { ...receipt, order: { ...order, items: [...order.items, ...order.items] } };
    case 'price':
      return { ...receipt, order: { ...order, items: order.items.map((item) => ({ ...item, price: 99 })) } };
    case 'diner':
      return { ...receipt, diner: { ...diner, id: 'somebody-else' } };
    case 'email':
      return { ...receipt, diner: { ...diner, email: 'somebody@else.example' } };
    case 'empty':
      return { ...receipt, diner: {}, order: { id: orderIdIn({ order }) } };
  }
}

function idOfAnother(order: object): string {
  return `${orderIdIn({ order }) ?? 'none'}-of-somebody-else`;
}
