import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StartError } from '@proofbox/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDataFolder } from './single-run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-kept-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the data folder is for one run at a time', () => {
  const file = path.join(folder, 'start.pid');
  writeFileSync(file, `${process.ppid}\n`);
  expect(() => claimDataFolder(folder)).toThrow(StartError);
  expect(() => claimDataFolder(folder)).toThrow(`Proofbox runs here already, as process ${process.ppid}`);
});

test.runIf(process.platform === 'linux')('a folder that cannot be made is one clear line, at once', () => {
  expect(() => claimDataFolder('/proc/nope/data')).toThrow(
    '/proc/nope cannot be made (ENOENT): set DATA_DIR',
  );
});

test('a file where the folder should be is one clear line, too', () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  expect(() => claimDataFolder(file)).toThrow(`${path.join(file, 'start.pid')} cannot be made (ENOTDIR)`);
});

test('the claim of a run that was killed counts for nothing', () => {
  const file = path.join(folder, 'start.pid');
  const { pid } = spawnSync('true');
  writeFileSync(file, `${pid}\n`);
  claimDataFolder(folder);
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);
});
