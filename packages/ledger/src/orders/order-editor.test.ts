import type { OrderIn, Outcome } from '@proofbox/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAuditLog } from '../audit-log/audit-log.ts';
import { InvalidEdit, OrderTooLarge } from '../errors.ts';
import { createOrderEditor, type OrderEditor } from './order-editor.ts';
import type { AttemptKey } from './ledger.ts';
import { openTestLedger, someOrder, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
let editor: OrderEditor;
beforeEach(() => {
  box = openTestLedger();
  editor = createOrderEditor({ ...box, now: () => box.clock.now });
});
afterEach(() => box[Symbol.asyncDispose]());

const veggie = { menuId: 1, description: 'Veggie', price: 0.05 };
const mended: OrderIn = { franchiseId: 1, storeId: '2', items: [veggie] };
const fulfilled = (receipt: string): Outcome => ({ kind: 'fulfilled', status: 200, receipt });
const who = { by: 'ann', why: 'the store has moved', deadlineMs: 60_000 };

async function dead(id?: string): Promise<string> {
  const accepted = await box.accepted(id === undefined ? {} : { id });
  await box.ledger.deadLetter({ id: accepted, state: 'dead', reason: 'rejected' });
  return accepted;
}

/** An attempt that is given up, before the order becomes a dead letter: its answer may still come. */
async function heldWithOpenQuestion(): Promise<AttemptKey> {
  const id = await box.accepted();
  const attempt = await box.begin(id);
  await box.ledger.reclaim({ ...attempt, worker: 'w' });
  await box.ledger.deadLetter({ id, state: 'held', reason: 'unknown_outcome' });
  return attempt;
}

test('an edit and its replay are one: the new body is queued, the old one kept, and both are in the audit log', async () => {
  const id = await dead();
  const { fingerprint: before } = await box.redis.hgetall(box.names.order(id));
  box.clock.now += 5_000;
  expect(await editor.replayEdited({ id, order: mended, ...who })).toEqual({
    status: 'replayed',
    state: 'queued',
    isEdited: true,
    isOutdated: false,
  });
  expect(await box.ledger.find(id)).toMatchObject({
    state: 'queued',
    replays: 1,
    edits: 1,
    deadlineAt: box.clock.now + 60_000,
    dinerId: '2',
    request: { diner: { id: 2 }, order: { id, storeId: '2' } },
  });
  expect(await editor.edits(id)).toEqual([
    {
      at: new Date(box.clock.now).toISOString(),
      by: 'ann',
      why: who.why,
      before: someOrder({ id }).request.order,
    },
  ]);
  expect(await createAuditLog(box).of(id)).toMatchObject([
    { action: 'edit', by: 'ann', why: who.why, result: 'changed storeId' },
    { action: 'replay', by: 'ann', why: who.why },
  ]);
  expect((await box.redis.hgetall(box.names.order(id)))['fingerprint']).toBe(before);
});

test("the diner's own repeat finds the same order after an edit", async () => {
  const id = await dead();
  await editor.replayEdited({ id, order: mended, ...who });
  expect(await box.ledger.accept(someOrder({ id }))).toEqual({ status: 'existing', id });
});

test('what the editor does not see stays: unknown fields of the order, and of each dish that is still in its place', async () => {
  const id = 'pb-unknown-fields';
  const order = {
    id,
    franchiseId: 1,
    storeId: '1',
    coupon: 'SUMMER',
    items: [
      { ...veggie, note: 'no onions' },
      { ...veggie, menuId: 2, note: 'for grandma' },
    ],
  };
  await box.accepted({ id, request: { diner: { id: 2, email: 'd@jwt.com' }, order } });
  await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
  const edit = {
    ...mended,
    items: [{ ...veggie, menuId: '1', price: 0.06 }, { ...veggie, menuId: 3 }, veggie],
  };
  await editor.replayEdited({ id, order: edit, ...who });
  expect((await box.ledger.find(id))?.request).toEqual({
    diner: { id: 2, email: 'd@jwt.com' },
    order: {
      id,
      franchiseId: 1,
      storeId: '2',
      coupon: 'SUMMER',
      items: [{ ...veggie, menuId: '1', price: 0.06, note: 'no onions' }, { ...veggie, menuId: 3 }, veggie],
    },
  });
});

test('the id cannot be changed, and nothing is done then; nor can an order become larger than an order may be', async () => {
  const id = await dead();
  const edit = (order: OrderIn) => editor.replayEdited({ id, order, ...who });
  await expect(edit({ ...mended, id: 'pb-other' })).rejects.toThrow(InvalidEdit);
  await expect(edit({ ...mended, note: 'x'.repeat(64 * 1024) })).rejects.toThrow(OrderTooLarge);
  expect(await box.ledger.find(id)).toMatchObject({ state: 'dead', replays: 0 });
});

test('an edit that changes nothing is a replay', async () => {
  const id = await dead();
  const edited = await editor.replayEdited({ id, order: { ...mended, storeId: '1', id }, ...who });
  expect(edited).toMatchObject({ status: 'replayed', isEdited: false });
  expect(await editor.edits(id)).toEqual([]);
  expect(await createAuditLog(box).of(id)).toMatchObject([{ action: 'replay' }]);
});

/** @guarantee G6 */
test('of two editors at the same time one is heard, and the other is told', async () => {
  const id = await dead();
  const edits = await Promise.all(
    ['2', '3'].map((storeId) => editor.replayEdited({ id, order: { ...mended, storeId }, ...who })),
  );
  expect(edits.map(({ status }) => status).toSorted()).toEqual(['replayed', 'unchanged']);
  expect(await editor.edits(id)).toHaveLength(1);
});

test('an edit that was laid over what the order does not say any more overwrites nothing', async () => {
  const id = await dead();
  const read = vi.spyOn(box.redis, 'hget').mockImplementationOnce(async (key, field) => {
    const request = await box.redis.hget(key, field);
    await editor.replayEdited({ id, order: mended, ...who });
    await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
    return request;
  });
  expect(await editor.replayEdited({ id, order: { ...mended, storeId: '3' }, ...who })).toMatchObject({
    status: 'unchanged',
    isOutdated: true,
    state: 'dead',
  });
  read.mockRestore();
  expect((await box.ledger.find(id))?.request.order.storeId).toBe('2');
});

test('an editor who saw the order as it was before it was edited overwrites nothing, also when it is dead again', async () => {
  const id = await dead();
  const asOf = (await box.ledger.find(id))!.updatedAt;
  box.clock.now += 1;
  await editor.replayEdited({ id, order: mended, ...who, asOf });
  expect(await editor.replayEdited({ id, order: { ...mended, storeId: '3' }, ...who, asOf })).toMatchObject({
    status: 'unchanged',
    isOutdated: true,
    state: 'queued',
  });
  await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
  expect(await editor.replayEdited({ id, order: { ...mended, storeId: '3' }, ...who, asOf })).toMatchObject({
    status: 'unchanged',
    isOutdated: true,
    state: 'dead',
  });
  expect((await box.ledger.find(id))?.request.order.storeId).toBe('2');
});

test('an order that is no dead letter is not edited', async () => {
  const id = await box.accepted();
  expect(await editor.replayEdited({ id, order: mended, ...who })).toMatchObject({
    status: 'unchanged',
    state: 'queued',
  });
  expect(await editor.replayEdited({ id: 'pb-nobody', order: mended, ...who })).toMatchObject({
    status: 'missing',
  });
  expect((await box.ledger.find(id))?.request.order.storeId).toBe('1');
});

/** @guarantee G2 */
test('a receipt of an attempt from before the edit fulfils the order, and the order says again what was baked', async () => {
  const old = await heldWithOpenQuestion();
  const { id } = old;
  const original = (await box.ledger.find(id))!.request;
  await editor.replayEdited({ id, order: mended, ...who });
  const edited = (await box.ledger.find(id))!.request;
  const again = await box.begin(id, { edits: 1 });
  expect(await box.ledger.settle({ ...old, outcome: fulfilled('old') })).toMatchObject({
    status: 'fulfilled',
  });
  expect(await box.ledger.find(id)).toMatchObject({ state: 'fulfilled', receipt: 'old', request: original });
  expect((await editor.edits(id)).map(({ by, before }) => [by, before])).toEqual([
    ['ann', original.order],
    ['proofbox', edited.order],
  ]);
  // The pizza of the new body is one too many: first come, first served, as ever.
  expect(await box.ledger.settle({ ...again, outcome: fulfilled('new') })).toMatchObject({
    status: 'late',
  });
  expect((await createAuditLog(box).of(id)).map(({ action, by }) => [action, by])).toEqual([
    ['edit', 'ann'],
    ['replay', 'ann'],
    ['edit', 'proofbox'],
  ]);
});

test('a receipt of an attempt from after the edit leaves the edited body', async () => {
  const id = await dead();
  await editor.replayEdited({ id, order: mended, ...who });
  const attempt = await box.begin(id, { edits: 1 });
  await box.ledger.settle({ ...attempt, outcome: fulfilled('new') });
  expect((await box.ledger.find(id))?.request.order.storeId).toBe('2');
  expect(await editor.edits(id)).toHaveLength(1);
});

test('a worker that read the order before the edit does not send what it read', async () => {
  const id = await dead();
  await editor.replayEdited({ id, order: mended, ...who });
  const attempt = { id, factory: 'primary', worker: 'w', token: 't', leaseMs: 1_000 } as const;
  expect(await box.ledger.beginAttempt({ ...attempt, edits: 0 })).toEqual({
    status: 'busy',
    againInMs: 0,
  });
  expect(await box.ledger.beginAttempt({ ...attempt, edits: 1 })).toMatchObject({ status: 'begun' });
});
