import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A checkout with nothing but the module under test, and a folder for temporary files beside it. */
let checkout: string;
let temporary: string;
const home = 'packages/runtime/src/process';

beforeEach(async () => {
  checkout = await realpath(await mkdtemp(path.join(tmpdir(), 'proofbox-cache-')));
  temporary = path.join(checkout, 'tmp');
  await mkdir(path.join(checkout, home), { recursive: true });
  await mkdir(temporary);
  await copyFile(
    path.join(import.meta.dirname, 'compile-cache.ts'),
    path.join(checkout, home, 'compile-cache.ts'),
  );
  await writeFile(
    path.join(checkout, 'main.mjs'),
    `import { getCompileCacheDir } from 'node:module';
     import { keepCompiledCode } from './${home}/compile-cache.ts';
     keepCompiledCode();
     process.stdout.write(JSON.stringify(getCompileCacheDir() ?? null));`,
  );
});

afterEach(() => rm(checkout, { recursive: true, force: true }));

/** The folder in which an entry point keeps its code; null: in none. */
async function cacheOf(env: Record<string, string> = {}): Promise<string | null> {
  const main = path.join(checkout, 'main.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [main], {
    env: { TMPDIR: temporary, ...env },
  });
  const folder = JSON.parse(stdout) as string | null;
  return folder && path.relative(checkout, path.dirname(folder));
}

async function folderInTemporary(): Promise<string> {
  await cacheOf();
  const [name] = await readdir(temporary);
  return path.join(temporary, name!);
}

test('where NODE_COMPILE_CACHE names a folder, that one is used', async () => {
  expect(await cacheOf({ NODE_COMPILE_CACHE: path.join(checkout, 'named') })).toBe('named');
});

test('compiled code is kept in a temporary folder that is its owner’s alone', async () => {
  expect(await cacheOf()).toMatch(/^tmp\/proofbox-compile-cache-\w+$/);
});

test('a folder that another user could have written to is not used', async () => {
  await chmod(await folderInTemporary(), 0o777);
  expect(await cacheOf()).toBeNull();
});

test('an entry point works where nothing can be kept', async () => {
  expect(await cacheOf({ TMPDIR: path.join(checkout, 'main.mjs') })).toBeNull();
});
