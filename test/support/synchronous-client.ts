import { randomUUID } from 'node:crypto';
import type { Submission } from './taken-order.ts';

/** Does what the shop does without Proofbox: one call to one factory while the diner waits, and no second try. */
export type SynchronousClient = {
  /** Never rejects. */
  place(): Promise<void>;
  /** Receipts that the factory itself calls valid. */
  readonly placed: number;
  /** Everything else. */
  readonly lost: number;
  /** One for each order that has ended, in the order in which they did. */
  readonly purchases: readonly SynchronousPurchase[];
};

export type SynchronousPurchase = Submission & { readonly hasReceipt: boolean };

/** Its order ids begin with `synchronous-`, so that they meet no other in the factory's books. */
export function createSynchronousClient(options: {
  factoryUrl: string;
  apiKey: string;
  /** Of each call. Default 5 s. */
  timeoutMs?: number;
}): SynchronousClient {
  const { factoryUrl, apiKey, timeoutMs = 5_000 } = options;
  const purchases: SynchronousPurchase[] = [];

  async function post(path: string, body: unknown): Promise<Record<string, unknown> | undefined> {
    const reply = await fetch(`${factoryUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = await reply.text();
    return reply.ok ? (JSON.parse(answer) as Record<string, unknown>) : undefined;
  }

  async function hasValidReceipt(): Promise<boolean> {
    const pizza = await post('/api/order', vendorOrder());
    if (typeof pizza?.['jwt'] !== 'string') return false;
    const status = await post('/api/order/verify', { jwt: pizza['jwt'] });
    return status?.['message'] === 'valid';
  }

  function count(hasReceipt: boolean): number {
    return purchases.filter((each) => each.hasReceipt === hasReceipt).length;
  }

  return {
    purchases,
    get placed() {
      return count(true);
    },
    get lost() {
      return count(false);
    },
    async place() {
      const placedAt = Date.now();
      const hasReceipt = await hasValidReceipt().catch(() => false);
      purchases.push({ placedAt, answeredAt: Date.now(), hasReceipt });
    },
  };
}

function vendorOrder(): object {
  return {
    diner: { id: 2, name: 'pizza diner', email: 'd@jwt.com' },
    order: {
      id: `synchronous-${randomUUID()}`,
      franchiseId: 1,
      storeId: '1',
      items: [{ menuId: 1, description: 'Veggie', price: 0.0038 }],
    },
  };
}
