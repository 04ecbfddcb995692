import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Measures } from './measures.ts';
import type { ShopKey } from './shop.ts';

const script = fileURLToPath(new URL('main.ts', import.meta.url));

/** @throws Error when the exit code is not 0, with all the replay said */
async function replay(): Promise<{ shops: Record<ShopKey, Measures>; said: string }> {
  // Faster, and the outage were no longer than the worker's first quick tries.
  const args = [script, '--json', '--speed', '120'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 150_000 });
  return { shops: JSON.parse(stdout.trimEnd().split('\n').at(-1)!), said: stderr };
}

/** @guarantee G3 */
test('the incident costs the diners of Proofbox nothing but time, and with a fallback hardly that', async () => {
  const { shops, said } = await replay();
  const { synchronous, proofbox, proofboxWithFallback } = shops;
  expect(synchronous).toMatchObject({ delayed: 0, recoveredAfterMs: null });
  expect(synchronous.failedForDiner).toBeGreaterThan(0);
  expect(synchronous.callsToDeadFactory).toBe(synchronous.failedForDiner);

  for (const shop of [proofbox, proofboxWithFallback]) {
    expect(shop).toMatchObject({ placed: synchronous.placed, failedForDiner: 0, lost: 0, dead: 0 });
    expect(shop.callsToDeadFactory).toBeLessThan(synchronous.callsToDeadFactory);
    expect(shop.firstAlarmAfterMs).toBeGreaterThanOrEqual(0);
    expect(shop.firstAlarmAfterMs).toBeLessThan(synchronous.firstAlarmAfterMs!);
  }
  expect(said).not.toContain('probes at once');
  expect(proofbox.delayed).toBeGreaterThan(0);
  expect(proofbox.recoveredAfterMs).toBeLessThanOrEqual(15_000);
  expect(proofboxWithFallback.longestDelayMs).toBeLessThanOrEqual(5_000);
}, 160_000);
