import type { Accepted, NewOrder } from '@proofbox/ledger';

/** What this process took lately, so that a repeat is recognised when the ledger cannot be asked. */
export type RecentOrders = {
  remember(order: NewOrder, accepted: Accepted): void;
  recall(order: NewOrder): Accepted | undefined;
};

type Remembered = { id: string; fingerprint: string; at: number };

/** A few minutes of a busy shop, in some megabytes. */
const mostRemembered = 10_000;

export function rememberOrders({ now = () => performance.now() }: { now?: () => number } = {}): RecentOrders {
  const byId = new Map<string, Remembered>();
  const byClick = new Map<string, Remembered>();

  function keep(map: Map<string, Remembered>, key: string, order: Remembered): void {
    map.set(key, order);
    // A map gives its oldest entry first.
    if (map.size > mostRemembered) map.delete(map.keys().next().value!);
  }

  return {
    remember(order, { status, id }) {
      if (status !== 'accepted') return;
      const remembered = { id, fingerprint: order.fingerprint, at: now() };
      if (order.doubleClick) keep(byClick, order.doubleClick.key, remembered);
      else keep(byId, id, remembered);
    },
    recall({ id, fingerprint, doubleClick }) {
      if (doubleClick) {
        const first = byClick.get(doubleClick.key);
        return first && now() - first.at < doubleClick.windowMs
          ? { status: 'existing', id: first.id }
          : undefined;
      }
      const known = byId.get(id);
      return known && { status: known.fingerprint === fingerprint ? 'existing' : 'conflict', id };
    },
  };
}
