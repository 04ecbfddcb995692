import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { OutboxFiles } from './outbox-files.ts';

/** Puts orders until one is refused, and some more after that. */
const script = `
  const { OutboxFiles } = await import(${JSON.stringify(new URL('outbox-files.ts', import.meta.url).href)});
  const { someOrder } = await import(${JSON.stringify(new URL('../testing/test-order.ts', import.meta.url).href)});
  const files = new OutboxFiles({ folder: process.argv[1], shop: 'k', maxOrders: 100000, keepsCopies: true, onTrouble() {}, onMissed() {} });
  const taken = [], refused = [];
  for (let i = 0; i < 2000 && refused.length < 5; i += 1) {
    const group = Array.from({ length: 3 }, () => someOrder({ dinerId: 'x'.repeat(3000) }));
    const answers = await Promise.allSettled(group.map((order) => files.put(order)));
    answers.forEach(({ status }, n) => (status === 'fulfilled' ? taken : refused).push(group[n].id));
  }
  process.stdout.write(JSON.stringify({ taken, refused, counted: files.count('undelivered'), obstacle: files.obstacle() }));
  process.kill(process.pid, 'SIGKILL');
`;

/** @guarantee G5 */
test('a disk that takes no more is never a promise: what was promised is there, and the rest was refused', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'proofbox-full-'));
  // Files of this process may not grow beyond 1000 blocks of 512 bytes (1024 in some shells).
  const limited = `ulimit -f 1000; exec "$0" --input-type=module -e "$1" "$2"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script, folder]).catch(
    (error: { stdout: string }) => error,
  );
  const { taken, refused, counted, obstacle } = JSON.parse(stdout) as {
    taken: string[];
    refused: string[];
    counted: number;
    obstacle: string;
  };
  expect(taken.length).toBeGreaterThan(10);
  expect(refused.length).toBeGreaterThan(0);
  expect(counted).toBe(taken.length);
  expect(obstacle).toMatch(/cannot be used/);
  const settlement = { onTrouble() {}, onMissed() {} };
  using files = new OutboxFiles({ folder, shop: 'k', maxOrders: 100_000, keepsCopies: true, ...settlement });
  expect(files.own!.undelivered(0, 100_000).rows.map(({ order }) => order.id)).toEqual(taken);
  rmSync(folder, { recursive: true });
});
