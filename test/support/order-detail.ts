import { orderDetail, type OrderDetail } from '@proofbox/contract/admin';
import type { Shop } from './shop.ts';

/** The story of one order, as an admin reads it. @throws Error when there is none */
export async function orderDetailOf(shop: Shop, orderId: string): Promise<OrderDetail> {
  return orderDetail.parse((await shop.admin.as('viewer').get(`/api/orders/${orderId}`)).body);
}
