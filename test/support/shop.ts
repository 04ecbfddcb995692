import { randomUUID } from 'node:crypto';
import { startStack, type Stack, type StackOptions } from '@proofbox/local';
import { inject } from 'vitest';
import { createAdminClient, type AdminClient } from './admin-client.ts';
import { createFactoryControl, type FactoryControl } from './factory-control.ts';
import { createShopper, type Shopper } from './shopper.ts';

/** A Proofbox of real processes with two stand-in factories, and a diner in front of it. */
export type Shop = AsyncDisposable & {
  stack: Stack;
  primary: FactoryControl;
  fallback: FactoryControl;
  diner: Shopper;
  /** The admin API, for each role. */
  admin: AdminClient;
  /** Another diner of the same shop. */
  shopper(id: number): Promise<Shopper>;
};

/** Opens a shop on the run's Redis, under a key tag of its own. */
export async function openShop(options: StackOptions = {}): Promise<Shop> {
  const stack = await startStack({
    redisUrl: inject('redisUrl'),
    keyTag: `test-${randomUUID()}`,
    ...options,
  });
  const shopper = async (id: number): Promise<Shopper> =>
    createShopper({
      url: stack.urls.ingest,
      token: await stack.tokenFor({ id, name: 'pizza diner', email: 'd@jwt.com' }),
    });
  return {
    stack,
    primary: createFactoryControl(stack.urls.primaryControl),
    fallback: createFactoryControl(stack.urls.fallbackControl),
    diner: await shopper(2),
    admin: createAdminClient({ url: stack.urls.admin, tokens: stack.adminTokens }),
    shopper,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}
