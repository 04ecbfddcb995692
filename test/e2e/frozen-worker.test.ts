import { randomUUID } from 'node:crypto';
import type { ManagedProcess } from '@proofbox/local';
import { expect, inject, test } from 'vitest';
import { openBooks } from '../support/backlog.ts';
import { eventually } from '../support/eventually.ts';
import { readMetrics } from '../support/metrics.ts';
import { openShop } from '../support/shop.ts';

async function lateReceiptsOf(worker: ManagedProcess): Promise<number | undefined> {
  const samples = await readMetrics(worker.url);
  return samples.find(({ name }) => name === 'proofbox_late_receipts_total')?.value;
}

/** @guarantee G2 */
test('a worker that froze in mid attempt and wakes when another one has baked: its receipt is as good, comes late, and changes nothing', async () => {
  const keyTag = `test-${randomUUID()}`;
  await using shop = await openShop({
    keyTag,
    fallback: false,
    admin: false,
    workers: 2,
    // Longer than the freeze: the reply is there when the worker wakes, and it is a good one.
    timings: { waitMs: 0, factoryTimeoutMs: 60_000 },
  });
  await using balance = openBooks({ redisUrl: inject('redisUrl'), keyTag });
  await shop.primary.misbehave({ kind: 'slow', ms: 8_000, times: 1 });
  const { body } = await shop.diner.order();
  const { id } = body.order;
  await eventually(
    () => shop.primary.order(id),
    ({ requests }) => requests === 1,
  );
  const [first] = (await balance.ledger.find(id))!.attempts;
  const workers = [shop.stack.process('worker'), shop.stack.process('worker-2')];
  const frozen = workers.find(({ pid }) => first!.worker.endsWith(`:${pid}`))!;
  frozen.kill('SIGSTOP');

  const { body: served } = await eventually(
    () => shop.diner.status(id),
    (answer) => answer.body.status === 'fulfilled',
    60_000,
  );
  expect(await shop.primary.order(id)).toMatchObject({ requests: 2, baked: 2 });

  frozen.kill('SIGCONT');
  await eventually(
    () => lateReceiptsOf(frozen),
    (late) => late === 1,
    20_000,
  );
  expect((await balance.ledger.stats()).counters).toMatchObject({
    accepted: 1,
    fulfilled: 1,
    lateReceipts: 1,
  });
  const { body: later } = await shop.diner.status(id);
  expect(later.jwt).toBe(served.jwt);
  expect(await shop.diner.verify(later.jwt)).toMatchObject({ status: 200, body: { message: 'valid' } });
  expect((await balance.ledger.find(id))!.attempts).toMatchObject([
    { n: 1, outcome: 'fulfilled', late: true, givenUpAt: expect.any(Number) },
    { n: 2, outcome: 'fulfilled' },
  ]);
}, 120_000);
