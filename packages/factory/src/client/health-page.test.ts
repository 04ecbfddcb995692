import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { askHealthPage, type HealthAnswer } from './health-page.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function pageThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
}

function ask(url: string, signal = new AbortController().signal): Promise<HealthAnswer> {
  return askHealthPage(url, signal);
}

test.for<[number, boolean | undefined]>([
  [200, true],
  [204, true],
  [302, undefined],
  [401, undefined],
  [404, undefined],
  [429, undefined],
  [500, false],
  [503, false],
])('%i is told as good: %s', async ([status, good]) => {
  const url = await pageThat((_request, reply) => reply.writeHead(status).end('a page'));
  expect(await ask(url)).toEqual({ good, detail: String(status), durationMs: expect.any(Number) });
});

test('it is a GET without a key', async () => {
  const seen: object[] = [];
  const url = await pageThat(({ method, url: path, headers }, reply) => {
    seen.push({ method, path, names: Object.keys(headers).toSorted() });
    reply.end();
  });
  await ask(url);
  expect(seen).toEqual([
    { method: 'GET', path: '/health', names: ['accept', 'accept-encoding', 'connection', 'host'] },
  ]);
});

test('a redirect is not followed', async () => {
  let asked = 0;
  const url = await pageThat((_request, reply) => {
    asked += 1;
    reply.writeHead(307, { location: '/elsewhere' }).end();
  });
  await ask(url);
  expect(asked).toBe(1);
});

test('a page that hangs is given 2 s, and so is one whose text never ends', async () => {
  const [silent, endless] = [
    await pageThat(() => {}),
    await pageThat((_request, reply) => reply.writeHead(200).write('and')),
  ];
  for (const answer of await Promise.all([ask(silent), ask(endless)])) {
    expect(answer).toMatchObject({ good: false, detail: 'no answer (TimeoutError)' });
    expect(answer.durationMs).toBeGreaterThan(1_900);
  }
});

test('nobody there is not good', async () => {
  const url = await pageThat(() => {});
  servers.pop()!.close();
  expect(await ask(url)).toMatchObject({ good: false, detail: 'no answer (ECONNREFUSED)' });
});

test('it is given up at once when the worker stops', async () => {
  const url = await pageThat(() => {});
  const stopping = new AbortController();
  const asking = ask(url, stopping.signal);
  stopping.abort();
  expect(await asking).toMatchObject({ good: false, detail: 'no answer (AbortError)' });
});
