import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { factoryRequest, type FactoryRequest } from '@proofbox/contract';
import { createFactoryClient } from '@proofbox/factory/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Breaker } from './breaker.ts';
import { sendCanary } from './canary.ts';
import type { CanaryEnded } from './events.ts';
import type { Factory } from './factory.ts';
import { Pace } from './pace.ts';
import { createTestBoard } from './test-board.ts';

let opened: AsyncDisposableStack;
beforeEach(() => {
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

/** A factory that answers every order with this status, or not at all; its receipt for an order is the order's id. */
async function aFactory(status: number | 'silent') {
  const sent: { headers: IncomingHttpHeaders; request: FactoryRequest }[] = [];
  async function answer(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const request = factoryRequest.parse(JSON.parse(Buffer.concat(await incoming.toArray()).toString()));
    sent.push({ headers: incoming.headers, request });
    if (status !== 'silent') reply.writeHead(status).end(JSON.stringify({ jwt: request.order.id }));
  }
  const server = createServer((incoming, reply) => void answer(incoming, reply)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { sent, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A worker that sends canaries there. */
async function aWorker(status: number | 'silent') {
  const { sent, url } = await aFactory(status);
  const board = createTestBoard();
  const clock = { now: 1_000_000 };
  const now = (): number => clock.now;
  const ended: CanaryEnded[] = [];
  const stopping = new AbortController();
  const breaker = new Breaker({
    factory: 'primary',
    board,
    worker: 'w',
    fleetPlace: () => ({ workers: 1, rank: 0 }),
    concurrency: 4,
    probeLeaseMs: 7_000,
    settings: 's',
    onThrottled: () => {},
    now,
    random: () => 0.5,
    onError: (error) => {
      throw error;
    },
  });
  const factory: Factory = {
    name: 'primary',
    apiKey: 'the-key',
    repeatable: true,
    client: opened.use(
      createFactoryClient({
        url,
        apiKey: 'the-key',
        repeatable: true,
        connectTimeoutMs: 300,
      }),
    ),
    verifier: { verify: async (jwt) => ({ verdict: 'valid', payload: { order: { id: jwt } } }) },
    receiptMatch: 'id',
    breaker,
    pace: new Pace({ maxRps: undefined, workers: () => 1, now }),
  };
  const events = { canaryEnded: (event: CanaryEnded) => void ended.push(event) };
  return {
    board,
    breaker,
    clock,
    ended,
    sent,
    stopping,
    send: () => sendCanary(factory, { events, timeoutMs: 500, now, signal: stopping.signal }),
  };
}

test('a canary is an order of one item at no price, and says what it is in its body and in a header', async () => {
  const { send, sent, ended, breaker } = await aWorker(200);
  await send();
  expect(sent).toEqual([
    {
      headers: expect.objectContaining({ 'x-proofbox-canary': '1', authorization: 'Bearer the-key' }),
      request: {
        diner: { id: 'proofbox-canary', name: 'Proofbox canary', email: 'canary@proofbox.invalid' },
        order: {
          id: expect.stringMatching(/^canary-1000000-\w+$/),
          franchiseId: 0,
          storeId: '0',
          items: [{ menuId: 0, description: 'Canary', price: 0 }],
        },
      },
    },
  ]);
  expect(ended).toMatchObject([
    { factory: 'primary', probe: false, outcome: { kind: 'fulfilled', status: 200 } },
  ]);
  expect(breaker.places).toBe(4);
});

test('three canaries that fail open the breaker: each is an order of its own', async () => {
  const { send, board, ended } = await aWorker(500);
  await send();
  await send();
  expect(board.verdict.state).toBe('closed');
  await send();
  expect(board.verdict).toMatchObject({ state: 'open', cause: expect.stringContaining('no message') });
  expect(new Set(ended.map((each) => each.canaryId)).size).toBe(3);
});

test('none is sent while the breaker is open; in half-open a canary is the probe, and closes it', async () => {
  const { send, board, clock, sent, ended } = await aWorker(200);
  const openUntil = clock.now + 5_000;
  await board.update('primary', (verdict) => ({ ...verdict, state: 'open', openUntil, probesLeft: 1 }));
  await send();
  expect(sent).toEqual([]);
  clock.now = openUntil;
  await send();
  expect(ended).toMatchObject([{ probe: true, outcome: { kind: 'fulfilled' } }]);
  expect(board.verdict).toMatchObject({ state: 'closed', places: 1 });
});

test('one that times out counts as an order that times out', async () => {
  const { send, board, ended } = await aWorker('silent');
  await send();
  expect(ended).toMatchObject([{ outcome: { kind: 'unknown' } }]);
  expect(board.verdict.places).toBe(2);
});

test('a refusal takes the factory out of service', async () => {
  const { send, board } = await aWorker(401);
  await send();
  expect(board.verdict.state).toBe('out_of_service');
});

test('one that the stop of the worker cuts short tells nothing, and gives its place back', async () => {
  const { send, board, ended, sent, stopping, breaker } = await aWorker('silent');
  const before = board.verdict;
  const sending = send();
  await expect.poll(() => sent.length, { interval: 5 }).toBe(1);
  stopping.abort();
  await sending;
  expect(ended).toEqual([]);
  expect(board.verdict).toEqual(before);
  for (const orderId of ['a', 'b', 'c', 'd']) expect(await breaker.admit(orderId)).toBe('normal');
});
