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

test('the claim of a run that was killed counts for nothing', () => {
  const file = path.join(folder, 'start.pid');
  const { pid } = spawnSync('true');
  writeFileSync(file, `${pid}\n`);
  claimDataFolder(folder);
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);
});
