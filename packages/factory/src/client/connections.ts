import type { buildConnector as Connect, Dispatcher } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import Client from 'undici/lib/dispatcher/client.js';
import { mendReplyHeads } from './reply-head.ts';

/** Opens connections to one factory: `origin` is scheme, host and port. */
export type Connector = { origin: string; connect: Connect.connector };

/**
 * How long a connection may be idle and still be used again. A factory may close it at any moment of that time, and what
 * is sent in that moment is lost without anybody knowing whether it was read. A new connection costs 0.2 ms of CPU, with
 * TLS 1.6 ms (measured): ten of them a second at most for each connection.
 */
const maxIdleMs = 100;
/** A factory that announces how long it keeps a connection is left that much earlier. */
const idleMarginMs = 1_000;

/** @param connectTimeoutMs for the connection, and TLS on it */
export function createConnector(url: string, connectTimeoutMs: number): Connector {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  return {
    origin: new URL(url).origin,
    connect: (options, callback) =>
      connect(options, (...result) => {
        if (result[1]) mendReplyHeads(result[1]);
        callback(...result);
      }),
  };
}

/**
 * One protocol, HTTP/1.1, one request at a time on a connection. Neither proxies of the environment nor redirects: our
 * key goes to the configured host and nowhere else.
 */
export function openConnection({ origin, connect }: Connector): Dispatcher {
  return new Client(origin, {
    connect,
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: maxIdleMs,
    keepAliveMaxTimeout: maxIdleMs,
    keepAliveTimeoutThreshold: idleMarginMs,
    // Each call has a deadline of its own, which covers these.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** `isUsed`: something was sent on it before. */
export type Connection = { dispatcher: Dispatcher; isUsed: boolean };

/** The connections to one factory, as many as there are requests under way. */
export class Connections implements AsyncDisposable {
  readonly #connector: Connector;
  readonly #open = new Set<Dispatcher>();
  /** The one that was used last stands last. Times are of `performance.now`. */
  readonly #idle: { dispatcher: Dispatcher; since: number }[] = [];

  constructor(connector: Connector) {
    this.#connector = connector;
  }

  /** One that is idle for a moment only, or else a new one. */
  take({ isNew = false } = {}): Connection {
    const last = isNew ? undefined : this.#idle.pop();
    if (last && performance.now() - last.since < maxIdleMs)
      return { dispatcher: last.dispatcher, isUsed: true };
    if (last) for (const { dispatcher } of [last, ...this.#idle.splice(0)]) this.close(dispatcher);
    const dispatcher = openConnection(this.#connector);
    this.#open.add(dispatcher);
    return { dispatcher, isUsed: false };
  }

  /** Nothing is under way on it any more. */
  giveBack(dispatcher: Dispatcher): void {
    this.#idle.push({ dispatcher, since: performance.now() });
  }

  close(dispatcher: Dispatcher): void {
    this.#open.delete(dispatcher);
    void dispatcher.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open].map((dispatcher) => dispatcher.destroy()));
  }
}
