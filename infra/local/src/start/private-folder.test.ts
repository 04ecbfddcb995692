import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePrivate } from './private-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-private-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const modeOf = (name: string): number => statSync(path.join(folder, name)).mode & 0o7777;

test('what an earlier run left open to all users is closed, at any depth', () => {
  chmodSync(folder, 0o755);
  mkdirSync(path.join(folder, 'redis/appendonlydir'), { recursive: true, mode: 0o755 });
  writeFileSync(path.join(folder, 'redis/appendonlydir/orders.aof'), '', { mode: 0o644 });
  makePrivate(folder);
  expect(['.', 'redis', 'redis/appendonlydir'].map(modeOf)).toEqual([0o700, 0o700, 0o700]);
  expect(modeOf('redis/appendonlydir/orders.aof')).toBe(0o600);
});

test("what is not kept by us, and a folder that is everybody's, stay as they are", () => {
  chmodSync(folder, 0o1777);
  mkdirSync(path.join(folder, 'somebody-else'));
  chmodSync(path.join(folder, 'somebody-else'), 0o755);
  mkdirSync(path.join(folder, 'logs'));
  symlinkSync(path.join(folder, 'somebody-else'), path.join(folder, 'logs/link'));
  makePrivate(folder);
  expect(modeOf('.')).toBe(0o1777);
  expect(modeOf('somebody-else')).toBe(0o755);
  expect(modeOf('logs')).toBe(0o700);
});
