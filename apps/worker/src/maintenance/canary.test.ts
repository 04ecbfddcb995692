import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { factoryRequest, type FactoryRequest } from '@proofbox/contract';
import { createMemoryBreakerStore, type BreakerState } from '@proofbox/factory/breaker';
import { testBreaker } from '@proofbox/factory/testing';
import { createFactoryClient } from '@proofbox/factory/client';
import { RateLimiter, RetryBudget } from '@proofbox/factory/rate';
import { connectPatiently, createNames, readFactoryFacts } from '@proofbox/ledger';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { sendCanary, sendDueCanaries, sendWitness } from './canary.ts';
import type { CanaryEnded } from '../telemetry/events.ts';
import type { Factory } from '../factory/factory.ts';

let opened: AsyncDisposableStack;
beforeEach(() => {
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

/** A factory that answers every order with this status, or not at all; its receipt for an order is the order's id. */
async function aFactory(answers: { status: number | 'silent' }) {
  const sent: { headers: IncomingHttpHeaders; request: FactoryRequest }[] = [];
  async function answer(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const request = factoryRequest.parse(JSON.parse(Buffer.concat(await incoming.toArray()).toString()));
    sent.push({ headers: incoming.headers, request });
    const { status } = answers;
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
async function aWorker(status: number | 'silent', { timeoutMs = 30_000 } = {}) {
  const answers = { status };
  const { sent, url } = await aFactory(answers);
  const store = createMemoryBreakerStore();
  const redis = connectPatiently({ url: inject('redisUrl'), onError: () => {} });
  opened.defer(() => redis.disconnect());
  const names = createNames(`test-${randomUUID()}`);
  const clock = { now: 1_000_000 };
  const now = (): number => clock.now;
  const ended: CanaryEnded[] = [];
  const stopping = new AbortController();
  const breaker = testBreaker({ store, now });
  const factory: Factory = {
    name: 'primary',
    apiKey: 'the-key',
    repeatable: true,
    client: opened.use(
      createFactoryClient({
        url,
        apiKey: 'the-key',
        repeatable: true,
        connectTimeoutMs: 30_000,
      }),
    ),
    verifier: { verify: async (jwt) => ({ status: 'valid', payload: { order: { id: jwt } } }) },
    receiptMatch: 'id',
    breaker,
    rate: new RateLimiter({ maxRps: undefined, workers: () => 1, now }),
    retryBudget: new RetryBudget(),
  };
  const events = { canaryEnded: (event: CanaryEnded) => void ended.push(event) };
  const options = { redis, names, events, timeoutMs, now, signal: stopping.signal };
  return {
    answers,
    breaker,
    clock,
    ended,
    sent,
    stopping,
    state: () => store.get('primary'),
    change: (fields: Partial<BreakerState>) => store.update('primary', (state) => ({ ...state, ...fields })),
    facts: () => readFactoryFacts({ redis, names }, 'primary'),
    send: () => sendCanary(factory, options),
    sendDue: () => sendDueCanaries({ ...options, factories: [factory], intervalMs: 60_000 }),
    sendWitness: () => sendWitness(factory, options),
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
  expect(breaker.permits).toBe(4);
});

/** @guarantee G8 */
test('three canaries that fail open the breaker: each is an order of its own', async () => {
  const { send, state, ended } = await aWorker(500);
  await send();
  await send();
  expect(state().state).toBe('closed');
  await send();
  expect(state()).toMatchObject({ state: 'open', cause: expect.stringContaining('no message') });
  expect(new Set(ended.map((each) => each.canaryId)).size).toBe(3);
});

test('none is sent while the breaker is open; in half-open a canary is the probe, and closes it', async () => {
  const { send, state, change, clock, sent, ended } = await aWorker(200);
  const openUntil = clock.now + 5_000;
  await change({ state: 'open', openUntil });
  await send();
  expect(sent).toEqual([]);
  clock.now = openUntil;
  await send();
  expect(ended).toMatchObject([{ probe: true, outcome: { kind: 'fulfilled' } }]);
  expect(state()).toMatchObject({ state: 'closed', permits: 1 });
});

test('one that times out counts as an order that times out', async () => {
  const { send, state, ended } = await aWorker('silent', { timeoutMs: 100 });
  await send();
  expect(ended).toMatchObject([{ outcome: { kind: 'unknown' } }]);
  expect(state().row.fresh).toHaveLength(1);
  await send();
  expect(state().permits).toBe(2);
});

test('three that are refused with 401 take the factory out of service, one does not', async () => {
  const { send, breaker } = await aWorker(401);
  await send();
  expect(breaker.condition).toBe('closed');
  await send();
  await send();
  expect(breaker.condition).toBe('out_of_service');
});

describe('a canary that is refused with 400', () => {
  test('says nothing where the factory never baked one: a strict factory may refuse it by right', async () => {
    const { send, state, facts, ended } = await aWorker(400);
    for (let i = 0; i < 10; i += 1) await send();
    expect(ended).toHaveLength(10);
    expect(await facts()).toMatchObject({ knowsCanaries: false });
    expect(state()).toMatchObject({ state: 'closed', row: { fresh: [] } });
  });

  test('and as the probe gives its permit back', async () => {
    const { send, state, change, breaker } = await aWorker(400);
    await change({ state: 'open' });
    await send();
    expect(state()).toMatchObject({ state: 'open', openUntil: 0 });
    expect(state()).not.toHaveProperty('probe');
    expect(breaker.permits).toBe(1);
  });

  test('counts as any order where the factory has baked one before', async () => {
    const { send, state, facts, answers } = await aWorker(200);
    await send();
    expect(await facts()).toMatchObject({ knowsCanaries: true });
    answers.status = 400;
    for (let i = 0; i < 3; i += 1) await send();
    expect(state()).toMatchObject({ state: 'open', cause: expect.stringContaining('3 orders in a row') });
  });
});

test('a factory that was just sent one is sent none as a look, and one that baked an order lately neither', async () => {
  const { sendDue, sent } = await aWorker(200);
  await sendDue();
  await sendDue();
  expect(sent).toHaveLength(1);
});

test('a witness is sent whatever canaries went before, and no more than one in two seconds', async () => {
  const { sendDue, sendWitness: send, sent } = await aWorker(200);
  await sendDue();
  await Promise.all(Array.from({ length: 20 }, send));
  expect(sent).toHaveLength(2);
});

test('one that the stop of the worker cuts short tells nothing, and gives its permit back', async () => {
  const { send, state, ended, sent, stopping, breaker } = await aWorker('silent');
  const before = state();
  const sending = send();
  await expect.poll(() => sent.length, { interval: 5 }).toBe(1);
  stopping.abort();
  await sending;
  expect(ended).toEqual([]);
  expect(state()).toEqual(before);
  for (const id of ['a', 'b', 'c', 'd'])
    expect(await breaker.admit({ id, failures: 0, hasAlternative: false })).toBe('normal');
});
