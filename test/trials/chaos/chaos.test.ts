import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Runs a script of this folder. @throws Error when the exit code is not 0, with all it said */
async function run(script: string, args: string[], timeoutMs: number): Promise<Record<string, unknown>> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, '--json', ...args], {
    timeout: timeoutMs,
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
}

/** @guarantee G2 */
test('20 s of chaos lose nothing, bake nothing twice for a diner, and leave the books in order', async () => {
  const result = await run('main.ts', ['--seed', '1', '--seconds', '20'], 170_000);
  expect(result).toMatchObject({
    seed: 1,
    seconds: 20,
    fulfilled: result['accepted'],
    dead: 0,
    lost: 0,
    duplicateReceipts: 0,
    duplicateOrders: 0,
    bakedTwice: 0,
    reconcileDifference: 0,
  });
  expect(result['accepted']).toBeGreaterThan(100);
  expect(Object.keys(result['faults'] as object).length).toBeGreaterThan(8);
}, 180_000);

/** @guarantee G1 */
test('a power cut loses no order when Redis syncs before it answers', async () => {
  const result = await run('powercut.ts', ['--rounds', '3', '--fsync', 'always'], 110_000);
  expect(result).toMatchObject({ fsync: 'always', rounds: 3, lost: 0 });
  expect(result['accepted']).toBeGreaterThan(0);
}, 120_000);

/** @guarantee G1 */
test('the power cut sees what is lost when Redis syncs once a second', async () => {
  // Whether a cut falls right after a sync is chance: four of them do not.
  const result = await run('powercut.ts', ['--rounds', '4', '--fsync', 'everysec'], 170_000);
  expect(result['lost']).toBeGreaterThan(0);
}, 180_000);
