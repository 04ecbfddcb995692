import type { FactoryRequest } from '@proofbox/contract';
import { createConnector, openConnection, openPool } from './connections.ts';
import type { Delivery } from './delivery.ts';
import { send } from './send.ts';

export type DeliveryOptions = {
  timeoutMs: number;
  signal: AbortSignal;
  /** Marked as such, so that the factory can tell it from an order that somebody wants to eat. */
  canary?: boolean;
};

export type FactoryClient = AsyncDisposable & {
  /** Posts the order once. Resolves whatever happens, at the latest after `timeoutMs`. */
  deliver(request: FactoryRequest, options: DeliveryOptions): Promise<Delivery>;
};

export type FactoryClientOptions = {
  url: string;
  apiKey: string;
  /**
   * Sending an order twice does no harm there. Else each order has a connection of its own: what is sent on one that was
   * idle may meet its end, and then nothing proves that the order was not read.
   */
  repeatable: boolean;
  connectTimeoutMs: number;
  /** Connections kept to a repeatable factory: as many as the worker handles orders at once. */
  connections: number;
};

/** A receipt has about 1.1 kB; nothing a factory has to say of an order needs more than this. */
const maxReplyBytes = 256 * 1024;

/** Sends orders to one factory. */
export function createFactoryClient(options: FactoryClientOptions): FactoryClient {
  const { url, apiKey, repeatable, connections } = options;
  const connector = createConnector(url, options.connectTimeoutMs);
  const pool = openPool(connector, connections);
  const inUse = new Set([pool]);
  const path = `${new URL(url).pathname.replace(/\/$/, '')}/api/order`;

  function post(connection: typeof pool, request: FactoryRequest, { canary, ...limits }: DeliveryOptions) {
    return send(connection, {
      method: 'POST',
      path,
      headers: {
        Authorization: `Bearer ${apiKey}`,
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(canary && { 'X-Proofbox-Canary': '1' }),
      },
      // As text, so that it goes out as the ledger has it.
      body: JSON.stringify(request),
      reset: !repeatable,
      maxReplyBytes,
      ...limits,
    });
  }

  async function postAlone(request: FactoryRequest, limits: DeliveryOptions): Promise<Delivery> {
    const connection = openConnection(connector);
    inUse.add(connection);
    try {
      return await post(connection, request, limits);
    } finally {
      inUse.delete(connection);
      await connection.destroy();
    }
  }

  return {
    deliver: (request, limits) => (repeatable ? post(pool, request, limits) : postAlone(request, limits)),
    async [Symbol.asyncDispose]() {
      await Promise.all([...inUse].map((connection) => connection.destroy()));
    },
  };
}
