import { afterEach, beforeEach, expect, test } from 'vitest';
import { requeueOrphans } from './requeue-orphans.ts';
import { openTestLedger, type TestLedger } from './test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

function mend(leaseMs = 1): Promise<string[] | undefined> {
  return requeueOrphans({ ...box, graceMs: 10_000, leaseMs, now: box.clock.now });
}

test('an order whose job was never added, or was lost, gets it after the grace time', async () => {
  const orphan = await box.accepted();
  expect(await mend(1)).toEqual([]);
  box.clock.now += 10_000;
  await expect.poll(() => mend(1)).toEqual([orphan]);
  expect(await box.queue.missing([orphan])).toEqual([]);
});

test('an order that has its job, and one that is at rest, are left alone', async () => {
  await box.queue.add(await box.accepted());
  await box.ledger.park({ id: await box.accepted(), state: 'dead', reason: 'rejected' });
  box.clock.now += 10_000;
  expect(await mend()).toEqual([]);
  expect(await box.queue.counts()).toMatchObject({ waiting: 1 });
});

test('one process of the fleet does it at a time', async () => {
  expect(await mend(60_000)).toEqual([]);
  expect(await mend(60_000)).toBeUndefined();
});

test('a lost queue is rebuilt from the ledger, whole', async () => {
  const ids = await Promise.all(Array.from({ length: 1_200 }, () => box.accepted()));
  box.clock.now += 10_000;
  expect((await mend())?.toSorted()).toEqual(ids.toSorted());
  expect(await box.queue.counts()).toMatchObject({ waiting: 1_200 });
});
