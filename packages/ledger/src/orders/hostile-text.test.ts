import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { idText, type Outcome } from '@proofbox/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuditLog } from '../audit-log/audit-log.ts';
import { createOrderEditor } from './order-editor.ts';
import { createOrderSearch } from '../search/order-search.ts';
import { openTestLedger, someOrder, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

const texts = [
  `${'x'.repeat(199)}\ud83c`,
  'z\udc00',
  '\ud83c\ud83c\udf55\udf55',
  '🍕'.repeat(200),
  '"],"n":1e999}\\',
  '\0\u0001\u2028\ufeff',
  'null',
  '%d%s %1',
  '-1e400',
];

async function attempted(outcome: Outcome, order = someOrder()): Promise<string> {
  await box.ledger.accept(order);
  const attempt = await box.begin(order.id);
  expect(await box.ledger.settle({ ...attempt, outcome })).toMatchObject({ status: 'pending' });
  await box.ledger.deadLetter({ id: order.id, state: 'dead', reason: 'rejected' });
  return order.id;
}

async function found(filter: object): Promise<string[]> {
  const page = await createOrderSearch(box).page({ filter, limit: 9, oldestFirst: true });
  expect(page.unreadable).toEqual([]);
  return page.orders.map(({ id }) => id);
}

test('no script decodes or encodes JSON', () => {
  const sources = path.join(import.meta.dirname, '..');
  const scripts = globSync('**/*.lua', { cwd: sources });
  expect(scripts.length).toBeGreaterThan(40);
  expect(scripts.filter((file) => readFileSync(path.join(sources, file), 'utf8').includes('cjson'))).toEqual(
    [],
  );
});

describe.each(texts)('a factory that says %j', (detail) => {
  test.each<Outcome>([
    { kind: 'rejected', status: 400, detail },
    { kind: 'throttled', status: 429, detail, retryAfterMs: 1_000 },
    { kind: 'failed', status: 500, detail },
    { kind: 'unknown', detail },
    { kind: 'receipt_mismatch', status: 200, detail },
  ])('about $kind is kept, found and replayed like any other', async (outcome) => {
    const id = await attempted(outcome);
    const kept = detail.toWellFormed();
    expect((await box.ledger.find(id))!.attempts).toMatchObject([{ outcome: outcome.kind, detail: kept }]);
    expect(await found({ state: ['dead'], text: kept.toLowerCase() })).toEqual([id]);
    await box.ledger.replay({ id, deadlineMs: 60_000, by: 'ann', why: 'a test' });
    const again = await box.begin(id);
    await box.ledger.settle({ ...again, outcome: { kind: 'fulfilled', receipt: 'r' } });
    expect(await box.ledger.find(id)).toMatchObject({ state: 'fulfilled' });
  });
});

test.each(texts)(
  'an operator who gives %j as the reason does what was asked, and is on record',
  async (why) => {
    const kept = why.toWellFormed();
    const editor = createOrderEditor(box);
    const order = someOrder({ dinerId: '2' });
    const id = await attempted({ kind: 'failed', detail: 'no' }, order);
    const edit = { ...order.request.order, storeId: why, note: why };
    const input = { id, order: edit, deadlineMs: 60_000, by: why, why };
    expect(await editor.replayEdited(input)).toMatchObject({ status: 'replayed', isEdited: true });
    expect(await editor.edits(id)).toMatchObject([{ by: kept, why: kept }]);
    await box.ledger.deadLetter({ id, state: 'held', reason: 'unknown_outcome' });
    expect(await found({ state: ['held'], store: kept })).toEqual([id]);
    await box.ledger.discard({ id, by: why, why });
    expect(await box.ledger.find(id)).toMatchObject({ state: 'discarded', discardReason: kept });
    const entries = await createAuditLog(box).of(id);
    expect(entries.map(({ by, why: given }) => [by, given])).toEqual(entries.map(() => [kept, kept]));
    expect(entries).toHaveLength(3);
  },
);

test.each([...texts, 1 / 3, 0.1 + 0.2, 1e-7, -0.5, `${2 ** 53 + 2}`, Number.MAX_SAFE_INTEGER, '01', '1e3'])(
  'an order of store and diner %j is found by both, dead or not, whatever else it is',
  async (value) => {
    const [text, plain] = [idText(value), someOrder()];
    const request = { ...plain.request, order: { ...plain.request.order, storeId: value } };
    const order = { ...plain, dinerId: text, request };
    await box.ledger.accept(order);
    await box.accepted();
    expect(await found({ store: text })).toEqual([order.id]);
    expect(await found({ diner: text, state: ['queued'] })).toEqual([order.id]);
    await box.ledger.deadLetter({ id: order.id, state: 'dead', reason: 'rejected' });
    for (const filter of [{ store: text }, { diner: text }, { store: text, diner: text }]) {
      expect(await found({ state: ['dead'], ...filter })).toEqual([order.id]);
      expect(await found({ ...filter })).toEqual([order.id]);
    }
  },
);
