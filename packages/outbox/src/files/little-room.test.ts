import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { someOrder } from '../testing/test-order.ts';
import { OutboxFiles } from './outbox-files.ts';

test('what is left of a disk that fills up is left to orders that Redis does not have', async () => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'proofbox-room-'));
  const clock = { now: 1_000_000 };
  const troubles: (string | undefined)[] = [];
  let missed = 0;
  using files = new OutboxFiles({
    folder,
    shop: 'k',
    maxOrders: 10,
    keepsCopies: true,
    now: () => clock.now,
    onTrouble: (trouble) => troubles.push(trouble),
    onMissed: (orders) => (missed += orders),
  });
  const [little, enough] = [20_000, 30_000].map((bavail) => ({ bavail, blocks: 10_000_000, bsize: 4_096 }));
  const statfs = vi.spyOn(fs, 'statfsSync').mockReturnValue(little as never);
  await Promise.all([files.keep({ ...someOrder(), acceptedAt: 1 }), files.put(someOrder())]);
  expect([files.count('delivered'), files.count('undelivered'), missed]).toEqual([0, 1, 1]);
  expect([files.obstacle(), files.copyObstacle]).toEqual([
    undefined,
    expect.stringMatching(/keeps no copies/),
  ]);

  statfs.mockReturnValue(enough as never);
  clock.now += 1_000;
  await files.keep({ ...someOrder(), acceptedAt: 1 });
  expect([files.count('delivered'), missed, files.copyObstacle]).toEqual([1, 1, undefined]);
  expect(troubles).toEqual([expect.stringMatching(/keeps no copies/), undefined]);
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});
