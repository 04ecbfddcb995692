import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Measures } from './measures.ts';
import type { ShopKey } from './shop.ts';
import { deadSpans, startClock } from './timeline.ts';

const script = fileURLToPath(new URL('main.ts', import.meta.url));
const speed = 200;
/** How long a breaker stays open at the least, in ms. */
const shortestOpenMs = 4_000;
/** Orders that reach the factory before the breaker opens: three that fail, and those under way meanwhile. */
const mostBeforeOpen = 5;

/** @throws Error when the exit code is not 0, with all the replay said */
async function replay(): Promise<Record<ShopKey, Measures>> {
  const args = [script, '--json', '--speed', String(speed)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 150_000 });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}

test('the incident costs the diners of Proofbox nothing but time, and with a fallback hardly that', async () => {
  const { synchronous, proofbox, proofboxWithFallback } = await replay();
  expect(synchronous).toMatchObject({ delayed: 0, recoveredAfterMs: null });
  expect(synchronous.failedForDiner).toBeGreaterThan(0);
  expect(synchronous.callsToDeadFactory).toBe(synchronous.failedForDiner);

  for (const shop of [proofbox, proofboxWithFallback]) {
    expect(shop).toMatchObject({ placed: synchronous.placed, failedForDiner: 0, lost: 0, dead: 0 });
    // One probe in each open time, whenever the factory is dead.
    const { msPerMinute } = startClock(speed, 0);
    const mostProbes = deadSpans.map(({ from, to }) => 1 + ((to - from) * msPerMinute) / shortestOpenMs);
    const mostCalls = mostProbes.reduce((sum, probes) => sum + mostBeforeOpen + Math.floor(probes), 0);
    expect(shop.callsToDeadFactory).toBeLessThanOrEqual(mostCalls);
    expect(shop.firstAlarmAfterMs).toBeGreaterThanOrEqual(0);
    expect(shop.firstAlarmAfterMs).toBeLessThan(synchronous.firstAlarmAfterMs!);
  }
  expect(proofbox.delayed).toBeGreaterThan(0);
  expect(proofbox.recoveredAfterMs).toBeLessThanOrEqual(15_000);
  expect(proofboxWithFallback.longestDelayMs).toBeLessThanOrEqual(5_000);
}, 160_000);
