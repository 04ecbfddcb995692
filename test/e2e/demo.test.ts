import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../trials/demo/main.ts', import.meta.url));

/** @throws Error when the exit code is not 0, with all the demo said */
async function runDemo(args: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { timeout: 170_000 });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}

test('the demo loses and duplicates no order where a synchronous client loses some', async () => {
  const result = (await runDemo(['--json', '--seconds', '12'])) as Record<string, number>;
  expect(result).toEqual({
    accepted: expect.toSatisfy((count: number) => count > 0),
    fulfilled: result['accepted'],
    byFactory: { primary: expect.any(Number), fallback: expect.any(Number) },
    lost: 0,
    duplicates: 0,
    dead: 0,
    longestDelayMs: expect.any(Number),
    synchronous: { placed: expect.any(Number), lost: expect.toSatisfy((count: number) => count > 0) },
  });
}, 180_000);
