import { buildConnector, Client, Pool, type Dispatcher } from 'undici';
import { dropInterimReplies } from './interim-replies.ts';

/** Opens connections to one factory: `origin` is scheme, host and port. */
export type Connector = { origin: string; connect: buildConnector.connector };

/**
 * How long a connection may be idle and still be used again. A factory may close it at any moment of that time, and what
 * is sent in that moment is lost without anybody knowing whether it was read. A new connection costs 0.2 ms of CPU, with
 * TLS 1.6 ms (measured): 10 of them a second at most for each connection.
 */
const maxIdleMs = 100;
/** A factory that announces how long it keeps a connection is left that much earlier. */
const idleMarginMs = 1_000;

/**
 * One protocol, HTTP/1.1, one request at a time on a connection. Neither proxies of the environment nor redirects: our
 * key goes to the configured host and nowhere else.
 */
const protocol = {
  allowH2: false,
  pipelining: 1,
  // Each call has a deadline of its own, which covers these.
  headersTimeout: 0,
  bodyTimeout: 0,
} as const;

/** @param connectTimeoutMs for the connection, and TLS on it */
export function createConnector(url: string, connectTimeoutMs: number): Connector {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  return {
    origin: new URL(url).origin,
    connect: (options, callback) =>
      connect(options, (...result) => {
        if (result[1]) dropInterimReplies(result[1]);
        callback(...result);
      }),
  };
}

/** Connections that are used again, at most so many at a time. */
export function openPool({ origin, connect }: Connector, connections: number): Dispatcher {
  return new Pool(origin, {
    ...protocol,
    connect,
    connections,
    keepAliveTimeout: maxIdleMs,
    keepAliveMaxTimeout: maxIdleMs,
    keepAliveTimeoutThreshold: idleMarginMs,
  });
}

/** A connection for one request. Nothing else was ever sent on it, so nobody closes it as idle. */
export function openConnection({ origin, connect }: Connector): Dispatcher {
  return new Client(origin, { ...protocol, connect });
}
