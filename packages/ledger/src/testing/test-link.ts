import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A way to a Redis on this machine that can fall silent, connection by connection. */
export type TestLink = AsyncDisposable & {
  url: string;
  /** Resolves when this command has gone out over a connection and waits for its answer. */
  untilAsked(command: string): Promise<void>;
  /** The connections that have sent this command fall silent, and so do the next so many new ones, whoever opens them. */
  silence(command: string, newConnections: number): void;
  /** Every connection there is falls silent. */
  silenceAll(): void;
};

/** @param url of the Redis behind it */
export async function openTestLink(url: string): Promise<TestLink> {
  const target = new URL(url);
  const links = new Set<{
    client: Socket;
    server: Socket;
    sent: string;
    unanswered: string;
    isSilent: boolean;
  }>();
  let silentToCome = 0;

  const listener = createServer((client) => {
    const server = connect(Number(target.port || 6379), target.hostname);
    const link = { client, server, sent: '', unanswered: '', isSilent: silentToCome > 0 };
    silentToCome -= 1;
    links.add(link);
    client.on('data', (piece) => {
      const text = piece.toString('latin1').toLowerCase();
      link.sent += text;
      link.unanswered += text;
      if (!link.isSilent) server.write(piece);
    });
    server.on('data', (piece) => {
      link.unanswered = '';
      if (!link.isSilent) client.write(piece);
    });
    for (const [here, there] of [
      [client, server],
      [server, client],
    ] as const) {
      here.on('error', () => {});
      here.on('close', () => there.destroy());
    }
    client.on('close', () => links.delete(link));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: urlAt(url, (listener.address() as AddressInfo).port),
    async untilAsked(command) {
      while (![...links].some(({ unanswered }) => unanswered.includes(command))) await pause(10);
    },
    silence(command, newConnections) {
      for (const link of links) link.isSilent ||= link.sent.includes(command);
      silentToCome = newConnections;
    },
    silenceAll() {
      for (const link of links) link.isSilent = true;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const { client } of links) client.destroy();
    },
  };
}

/** The same URL, with its password if it has one, by way of another port of this machine. */
export function urlAt(url: string, port: number): string {
  const moved = new URL(url);
  moved.hostname = '127.0.0.1';
  moved.port = String(port);
  return moved.href;
}
