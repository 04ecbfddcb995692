/** The address of an order, or of something that is done to it. */
export function orderPath(id: string, deed?: 'replay' | 'discard' | 'reveal'): string {
  const path = `/api/orders/${encodeURIComponent(id)}`;
  return deed === undefined ? path : `${path}/${deed}`;
}
