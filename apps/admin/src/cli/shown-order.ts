import type { OrderRecord } from '@proofbox/contract';
import { nextStepFor, type NextStep } from './next-step.ts';

/** An order as the command line may show it. Times are ms since the epoch, as in the record. */
export type ShownOrder = Omit<OrderRecord, 'request' | 'receipt'> & {
  hasReceipt: boolean;
  order: {
    franchiseId: string | number;
    storeId: string | number;
    items: { menuId: string | number; description: string; price: number }[];
  };
  nextStep: NextStep;
};

/**
 * The record without the diner's name, e-mail and receipt, and without any field that a customer invented: nobody
 * has checked yet whether the person at the keyboard may see them.
 */
export function toShownOrder(record: OrderRecord): ShownOrder {
  const { request, receipt, ...rest } = record;
  const { franchiseId, storeId, items } = request.order;
  return {
    ...rest,
    hasReceipt: receipt !== undefined,
    order: {
      franchiseId,
      storeId,
      items: items.map(({ menuId, description, price }) => ({ menuId, description, price })),
    },
    nextStep: nextStepFor(record),
  };
}
