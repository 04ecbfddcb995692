/** Why an order is not baked. `oven_full` is answered only after a while. */
export type Refusal =
  | { why: 'missing_parameters'; status: 400; message: string }
  | { why: 'no_items'; status: 500; message: string }
  | { why: 'oven_full'; status: 503; message: string };

export type OrderBody = { diner?: unknown; order?: unknown };

/** The real factory's checks, in its order, with its messages. `undefined`: it bakes this. */
export function refusalOf({ diner, order }: OrderBody): Refusal | undefined {
  if (!diner || !order) {
    return { why: 'missing_parameters', status: 400, message: 'Missing required parameters' };
  }
  const { items } = order as { items?: { length?: number } | null };
  if (items === undefined || items === null) {
    return {
      why: 'no_items',
      status: 500,
      message: `Cannot read properties of ${items} (reading 'length')`,
    };
  }
  if (items.length === 0 || (items.length ?? 0) > 20) {
    return {
      why: 'oven_full',
      status: 503,
      message: 'Unable to satisfy pizza order. The oven is full.',
    };
  }
  return undefined;
}

/** The order's id as it is counted: 7 and "7" are the same order. */
export function orderIdIn({ order }: OrderBody): string | undefined {
  if (typeof order !== 'object' || order === null || !('id' in order)) return undefined;
  return typeof order.id === 'string' || typeof order.id === 'number' ? String(order.id) : undefined;
}
