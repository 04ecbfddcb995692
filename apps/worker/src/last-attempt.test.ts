import { randomUUID } from 'node:crypto';
import type { Outcome } from '@proofbox/contract';
import { connectPatiently, createLedger, createNames, type Ledger } from '@proofbox/ledger';
import { createLogger, createMetrics } from '@proofbox/runtime';
import { expect, inject, onTestFinished, test } from 'vitest';
import { bakeOrder } from './bake-order.ts';
import { createEvents } from './events.ts';
import type { Factory } from './factory.ts';
import type { Kitchen } from './kitchen.ts';

/** A worker's kitchen on the run's Redis, with a factory that always bakes, and counts its calls. */
function openKitchen(repeatable: boolean): { kitchen: Kitchen; ledger: Ledger; calls: () => number } {
  const onError = (error: Error): void => void process.stderr.write(`${error.message}\n`);
  const redis = connectPatiently({ url: inject('redisUrl'), onError });
  onTestFinished(() => redis.disconnect());
  const ledger = createLedger({ redis, names: createNames(`test-${randomUUID()}`) });
  let calls = 0;
  const factory = {
    name: 'primary',
    apiKey: 'the-key',
    repeatable,
    client: {
      deliver: async ({ order }: { order: { id: string } }) => {
        calls += 1;
        return { replied: true, status: 200, headers: {}, body: JSON.stringify({ jwt: order.id }) };
      },
    },
    verifier: { verify: async (jwt: string) => ({ verdict: 'valid', payload: { order: { id: jwt } } }) },
    pace: { hasRoom: () => true, turn: async () => {}, baked: () => {} },
    breaker: { admit: async () => 'normal', places: 1, availableAt: 0, leave: () => {}, record: () => {} },
  } as unknown as Factory;
  const kitchen: Kitchen = {
    ledger,
    factories: [factory],
    events: createEvents(createLogger({ service: 'worker', level: 'silent' }), createMetrics()),
    worker: 'w',
    timeoutMs: 1_000,
    probeTimeoutMs: 1_000,
    attemptsInHand: new Set(),
    now: Date.now,
    mayExpire: () => true,
    random: () => 0,
  };
  return { kitchen, ledger, calls: () => calls };
}

async function acceptedOrder(ledger: Ledger): Promise<string> {
  const id = `pb-${randomUUID()}`;
  const items = [{ menuId: 1, description: 'Veggie', price: 0.05 }];
  const request = { diner: { id: 2 }, order: { id, franchiseId: 1, storeId: '1', items } };
  await ledger.accept({ id, fingerprint: id, source: 'frontend', dinerId: '2', request, deadlineMs: 60_000 });
  return id;
}

/** What a worker leaves behind that dies before (`undefined`) or right after it has written down how its attempt ended. */
async function attemptOfTheDead(ledger: Ledger, id: string, outcome: Outcome | undefined): Promise<void> {
  const begun = await ledger.beginAttempt({ id, factory: 'primary', worker: 'dead', token: 't', leaseMs: 0 });
  if (begun.verdict !== 'begun') throw new Error(begun.verdict);
  if (outcome) await ledger.settle({ ...begun.attempt, outcome });
}

const unknown: Outcome = { kind: 'unknown', detail: 'no answer' };
const rejected: Outcome = { kind: 'rejected', detail: 'no such pizza' };
const failed: Outcome = { kind: 'failed', detail: 'chaos monkey' };

test.for<[string, { repeatable: boolean; left: Outcome | undefined; state: string; calls: number }]>([
  [
    'in mid attempt, where a repeat is not safe: held',
    { repeatable: false, left: undefined, state: 'held', calls: 0 },
  ],
  [
    'after an unknown outcome, where a repeat is not safe: held',
    { repeatable: false, left: unknown, state: 'held', calls: 0 },
  ],
  [
    'after a refusal of the order: a dead letter',
    { repeatable: true, left: rejected, state: 'dead', calls: 0 },
  ],
  [
    'in mid attempt, where a repeat is safe: baked',
    { repeatable: true, left: undefined, state: 'fulfilled', calls: 1 },
  ],
  [
    'after an unknown outcome, where a repeat is safe: baked',
    { repeatable: true, left: unknown, state: 'fulfilled', calls: 1 },
  ],
  ['after a failure: baked', { repeatable: false, left: failed, state: 'fulfilled', calls: 1 }],
])('an order whose worker died %s', async ([, { repeatable, left, state, calls }]) => {
  const box = openKitchen(repeatable);
  const id = await acceptedOrder(box.ledger);
  await attemptOfTheDead(box.ledger, id, left);
  await bakeOrder(box.kitchen, id, new AbortController().signal);
  expect(await box.ledger.find(id)).toMatchObject({ state });
  expect(box.calls()).toBe(calls);
});

test.each([true, false])(
  'an order of which the worker is not sure any more when its attempt begins is not sent, and waits again (repeatable: %s)',
  async (repeatable) => {
    const box = openKitchen(repeatable);
    const id = await acceptedOrder(box.ledger);
    const lost = new AbortController();
    const verdict = await bakeOrder(box.kitchen, id, lost.signal, () => lost.abort());
    expect(box.calls()).toBe(0);
    expect(verdict).toEqual({ next: 'back' });
    expect(await box.ledger.find(id)).toMatchObject({ state: 'queued', attempts: [{ outcome: 'not_sent' }] });
  },
);

test('a held order that an admin replays is sent again', async () => {
  const box = openKitchen(false);
  const id = await acceptedOrder(box.ledger);
  await attemptOfTheDead(box.ledger, id, unknown);
  await bakeOrder(box.kitchen, id, new AbortController().signal);
  expect(await box.ledger.find(id)).toMatchObject({ state: 'held', reason: 'unknown_outcome' });
  await box.ledger.replay({ id, deadlineMs: 60_000, by: 'ann', why: 'the factory says it did not bake' });
  await bakeOrder(box.kitchen, id, new AbortController().signal);
  expect(await box.ledger.find(id)).toMatchObject({ state: 'fulfilled' });
  expect(box.calls()).toBe(1);
});
