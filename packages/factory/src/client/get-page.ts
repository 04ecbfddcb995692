import { createConnector, openConnection } from './connections.ts';
import type { Delivery } from './delivery.ts';
import { send } from './send.ts';

const connectTimeoutMs = 1_000;

/**
 * Gets a public page of a factory: without our key, and on a connection of its own. Resolves whatever happens, at the
 * latest after `timeoutMs`. A redirect is a reply like any other.
 */
export async function getPage(
  url: string,
  options: { timeoutMs: number; maxReplyBytes: number; signal?: AbortSignal },
): Promise<Delivery> {
  const { pathname, search } = new URL(url);
  const connection = openConnection(createConnector(url, connectTimeoutMs));
  try {
    return await send(connection, {
      ...options,
      method: 'GET',
      path: `${pathname}${search}`,
      headers: {},
      reset: true,
    });
  } finally {
    await connection.destroy();
  }
}
