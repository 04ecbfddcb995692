import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newestIn } from './newest-in.ts';

const files = ['src/deep/a.ts', 'src/a.test.ts', 'node_modules/b/index.js'];
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'proofbox-newest-'));
  for (const file of files) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), '');
  }
  for (const name of ['src/deep/a.ts', 'src/deep', 'src', '']) await changedAt(name, 1_000);
});
afterEach(() => rm(root, { recursive: true }));

function changedAt(name: string, seconds: number): Promise<void> {
  return utimes(path.join(root, name), seconds, seconds);
}

test('a folder is as new as the newest source anywhere in it', async () => {
  expect(await newestIn(root)).toBe(1_000_000);
  await changedAt('src/deep/a.ts', 2_000);
  expect(await newestIn(root)).toBe(2_000_000);
});

test('a source that is taken out makes its folder newer', async () => {
  await rm(path.join(root, 'src/deep/a.ts'));
  expect(await newestIn(root)).toBeGreaterThan(1_000_000);
});
