import { globSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccessCheck } from './access-check.ts';
import { readLua } from '../redis/define-script.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => void (box = openTestLedger()));
afterEach(() => box[Symbol.asyncDispose]());

test('who may do everything is refused nothing, and nothing is left of the trying', async () => {
  expect(await createAccessCheck(box)()).toEqual([]);
  expect(await box.redis.exists(box.names.accessCheck)).toBe(0);
});

test('every command of our scripts and of BullMQ is tried', () => {
  const bullmq = path.join(path.dirname(createRequire(import.meta.url).resolve('bullmq')), 'scripts');
  const ours = path.join(import.meta.dirname, '..');
  const texts = [
    ...readdirSync(bullmq).map((file) => readFileSync(path.join(bullmq, file), 'utf8')),
    ...globSync('**/*.lua', { cwd: ours }).map((file) => readFileSync(path.join(ours, file), 'utf8')),
  ];
  const used = texts.flatMap((text) =>
    [...text.matchAll(/(?:rcall|redis\.p?call)\(['"]([a-z]+)/gi)].map(([, name]) => name!.toUpperCase()),
  );
  expect(used.length).toBeGreaterThan(500);
  const tried = readLua(new URL('./access-check.lua', import.meta.url));
  expect([...new Set(used)].filter((name) => !tried.includes(`{ '${name}'`))).toEqual([]);
});
