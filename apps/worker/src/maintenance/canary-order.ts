import type { FactoryRequest } from '@proofbox/contract';

/**
 * An order that nobody placed: it shows whether a factory bakes. It is in no ledger, costs nothing, and says of itself
 * what it is. @param now ms since the epoch @param token makes it an order of its own
 */
export function canaryOrder({ now, token }: { now: number; token: string }): FactoryRequest {
  return {
    diner: { id: 'proofbox-canary', name: 'Proofbox canary', email: 'canary@proofbox.invalid' },
    order: {
      id: `canary-${now}-${token}`,
      franchiseId: 0,
      storeId: '0',
      items: [{ menuId: 0, description: 'Canary', price: 0 }],
    },
  };
}
