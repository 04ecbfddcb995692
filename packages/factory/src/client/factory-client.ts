import type { FactoryRequest } from '@proofbox/contract';
import { Connections, createConnector } from './connections.ts';
import type { Delivery } from './delivery.ts';
import { send } from './send.ts';

export type DeliveryOptions = {
  timeoutMs: number;
  signal: AbortSignal;
  /** Marked as such, so that the factory can distinguish it from an order that a diner waits for. */
  canary?: boolean;
};

export type FactoryClient = AsyncDisposable & {
  /** Posts the order. Resolves whatever happens, at the latest after `timeoutMs`. */
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
};

/** A receipt has about 1.1 kB; nothing a factory has to say of an order needs more than this. */
const maxReplyBytes = 256 * 1024;

/** Sends orders to one factory. */
export function createFactoryClient(options: FactoryClientOptions): FactoryClient {
  const { url, apiKey, repeatable } = options;
  const connections = new Connections(createConnector(url, options.connectTimeoutMs));
  const path = `${new URL(url).pathname.replace(/\/$/, '')}/api/order`;

  /** @returns also whether the order went out on a connection that was used before */
  async function post(
    request: FactoryRequest,
    { canary, ...limits }: DeliveryOptions,
    { isNew }: { isNew: boolean },
  ): Promise<{ delivery: Delivery; isUsed: boolean }> {
    const { dispatcher, isUsed } = connections.take({ isNew });
    const delivery = await send(dispatcher, {
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
      reset: isNew,
      maxReplyBytes,
      ...limits,
    });
    if (isNew || !delivery.replied || delivery.cutOff !== undefined) connections.close(dispatcher);
    else connections.giveBack(dispatcher);
    return { delivery, isUsed };
  }

  return {
    async deliver(request, limits) {
      const startedAt = performance.now();
      const first = await post(request, limits, { isNew: !repeatable });
      if (!first.isUsed || !hasEndedUnanswered(first.delivery)) return first.delivery;
      // Most likely the factory had closed the connection, as idle, before it could read the order.
      const timeoutMs = Math.max(1, limits.timeoutMs - (performance.now() - startedAt));
      const { delivery } = await post(request, { ...limits, timeoutMs }, { isNew: true });
      return delivery.replied ? delivery : { ...delivery, sent: true };
    },
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

/** The other side has ended the connection without a reply. */
function hasEndedUnanswered(delivery: Delivery): boolean {
  return (
    !delivery.replied && delivery.sent && ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(delivery.code)
  );
}
