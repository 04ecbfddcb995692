import type { FactoryRequest } from '@proofbox/contract';
import { AxiosHeaders, create, type AxiosAdapter } from 'axios';
import { Pool } from 'undici';
import { exchange, ExchangeError, type HttpReply } from './exchange.ts';

/** What one call brought: a reply of any status, or none, and then whether the request had begun to leave. */
export type Delivery = ({ replied: true } & HttpReply) | { replied: false; sent: boolean; code: string };

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
  connectTimeoutMs: number;
  /** Connections kept to this factory: as many as the worker handles orders at once. */
  connections: number;
};

/** A receipt has about 1.1 kB; nothing a factory has to say needs more than this. */
const maxReplyBytes = 256 * 1024;

/**
 * One factory's HTTP client: axios over an undici pool (axios' own transport costs seven times the CPU).
 * No redirects, no proxies from the environment: our key goes to the configured host and nowhere else.
 */
export function createFactoryClient(options: FactoryClientOptions): FactoryClient {
  const base = new URL(options.url);
  const pool = new Pool(base.origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    // Each call has a deadline of its own, which covers these.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const http = create({
    headers: {
      Authorization: `Bearer ${options.apiKey}`,
      'Content-Type': 'application/json',
      Accept: 'application/json',
    },
    validateStatus: () => true,
    responseType: 'text',
    transformRequest: (body: string) => body,
    transformResponse: (body: string) => body,
  });
  const path = `${base.pathname.replace(/\/$/, '')}/api/order`;

  return {
    async deliver(request, { timeoutMs, signal, canary = false }) {
      try {
        const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        // As text, so that it goes out as the ledger has it: axios drops fields with names it is wary of.
        const reply = await http.post<string>(path, JSON.stringify(request), {
          adapter: overPool(pool, ended),
          ...(canary && { headers: { 'X-Proofbox-Canary': '1' } }),
        });
        return {
          replied: true,
          status: reply.status,
          headers: reply.headers as HttpReply['headers'],
          body: reply.data,
        };
      } catch (error) {
        if (error instanceof ExchangeError) return { replied: false, sent: error.sent, code: error.code };
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy();
    },
  };
}

/** The signal does not go through axios: it would turn an abort into an error that has forgotten what was sent. */
function overPool(pool: Pool, signal: AbortSignal): AxiosAdapter {
  return async (config) => {
    const reply = await exchange(pool, {
      path: config.url!,
      headers: Object.fromEntries(
        Object.entries(config.headers.toJSON()).map(([name, value]) => [name, String(value)]),
      ),
      body: config.data as string,
      signal,
      maxReplyBytes,
    });
    return {
      data: reply.body,
      status: reply.status,
      statusText: '',
      headers: AxiosHeaders.from(reply.headers as Record<string, string>),
      config,
    };
  };
}
