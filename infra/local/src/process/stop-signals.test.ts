import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';

test('one Ctrl-C delivered twice stops, and only a later one forces', async () => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../fixtures/stubborn.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  const stoppedAt = performance.now();
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect(await once(lines, 'line')).toEqual([expect.stringMatching(/^SIG(INT|TERM)$/)]);

  while (child.exitCode === null && performance.now() - stoppedAt < 10_000) {
    child.kill('SIGINT');
    await delay(50);
  }
  expect(child.exitCode).toBe(9);
  expect(performance.now() - stoppedAt).toBeGreaterThan(500);
});
