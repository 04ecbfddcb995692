import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptSecret } from './kept-secret.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proofbox-kept-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a secret is made up once, kept, and readable by its owner only', () => {
  const file = path.join(folder, 'secrets/auth');
  const secret = keptSecret(file);
  expect(secret.length).toBeGreaterThanOrEqual(32);
  expect(keptSecret(file)).toBe(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(keptSecret(path.join(folder, 'secrets/other'))).not.toBe(secret);
});
