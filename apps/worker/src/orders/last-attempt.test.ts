import type { Outcome } from '@proofbox/contract';
import type { Ledger } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import { bakeOrder } from './bake-order.ts';
import { aWorker } from '../test-worker.ts';

/** A worker with one factory, which always bakes. */
function aBakery(repeatable: boolean) {
  return aWorker({ primary: { answer: () => 200, repeatable } });
}

/** What a worker leaves behind that dies before (`undefined`) or right after it has written down how its attempt ended. */
async function attemptOfTheDead(ledger: Ledger, id: string, outcome: Outcome | undefined): Promise<void> {
  const begun = await ledger.beginAttempt({ id, factory: 'primary', worker: 'dead', token: 't', leaseMs: 0 });
  if (begun.status !== 'begun') throw new Error(begun.status);
  if (outcome) await ledger.settle({ ...begun.attempt, outcome });
}

const unknown: Outcome = { kind: 'unknown', detail: 'no answer' };
const rejected: Outcome = { kind: 'rejected', detail: 'no such pizza' };
const mismatch: Outcome = { kind: 'receipt_mismatch', detail: 'another order' };
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
    'after a refusal of the order, which one factory alone cannot make a dead letter of: baked',
    { repeatable: false, left: rejected, state: 'fulfilled', calls: 1 },
  ],
  [
    'after a receipt that says something else, where a repeat is not safe: held',
    { repeatable: false, left: mismatch, state: 'held', calls: 0 },
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
  const worker = aBakery(repeatable);
  const id = await worker.accept();
  await attemptOfTheDead(worker.ledger, id, left);
  await worker.bake(id);
  expect(await worker.ledger.find(id)).toMatchObject({ state });
  expect(worker.calls).toHaveLength(calls);
});

/** @guarantee G2 */
test.each([true, false])(
  'an order of which the worker is not sure any more when its attempt begins is not sent, and waits again (repeatable: %s)',
  async (repeatable) => {
    const worker = aBakery(repeatable);
    const id = await worker.accept();
    const lost = new AbortController();
    const status = await bakeOrder(worker.context, id, lost.signal, () => lost.abort());
    expect(worker.calls).toHaveLength(0);
    expect(status).toEqual({ next: 'back' });
    expect(await worker.ledger.find(id)).toMatchObject({
      state: 'queued',
      attempts: [{ outcome: 'not_sent' }],
    });
  },
);

test('a held order that an admin replays is sent again', async () => {
  const worker = aBakery(false);
  const id = await worker.accept();
  await attemptOfTheDead(worker.ledger, id, unknown);
  await worker.bake(id);
  expect(await worker.ledger.find(id)).toMatchObject({ state: 'held', reason: 'unknown_outcome' });
  worker.clock.now += 1;
  await worker.ledger.replay({ id, deadlineMs: 60_000, by: 'ann', why: 'the factory says it did not bake' });
  await worker.bake(id);
  expect(await worker.ledger.find(id)).toMatchObject({ state: 'fulfilled' });
  expect(worker.calls).toHaveLength(1);
});
