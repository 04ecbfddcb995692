import type { AuditEntry } from '@proofbox/contract/admin';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InvalidCursor } from '../errors.ts';
import { createAuditLog, type AuditLog, type NewAuditEntry } from './audit-log.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
let audit: AuditLog;
beforeEach(() => {
  box = openTestLedger();
  audit = createAuditLog(box);
});
afterEach(() => box[Symbol.asyncDispose]());

const now = Date.now();

function append(changes: Partial<NewAuditEntry> = {}): Promise<void> {
  return audit.append({ at: now, by: 'ann', action: 'sign_in', subject: 'session', why: 'w', ...changes });
}

async function pages(input: Omit<Parameters<AuditLog['page']>[0], 'cursor'>): Promise<AuditEntry[][]> {
  const found: AuditEntry[][] = [];
  let cursor: string | undefined;
  do {
    const page = await audit.page({ ...input, ...(cursor !== undefined && { cursor }) });
    found.push(page.entries);
    cursor = page.nextCursor;
  } while (cursor !== undefined && found.length < 100);
  return found;
}

async function dead(): Promise<string> {
  const id = await box.accepted();
  await box.ledger.deadLetter({ id, state: 'dead', reason: 'rejected' });
  return id;
}

test('page by page, newest first, each entry comes exactly once', async () => {
  for (let n = 0; n < 7; n += 1) await append({ why: `${n}` });
  const found = await pages({ filter: {}, limit: 3 });
  expect(found.map((page) => page.map(({ why }) => why))).toEqual([['6', '5', '4'], ['3', '2', '1'], ['0']]);
});

/** @guarantee G6 */
test('what was done to one order is found without a walk through the log', async () => {
  const id = await dead();
  await box.ledger.replay({ id, deadlineMs: 1, by: 'ann', why: 'mended' });
  await append({ subject: id, action: 'reveal', by: 'bob', why: 'a call of the diner', result: 'shown' });
  await append();
  const story = [
    { action: 'replay', by: 'ann', subject: id, why: 'mended', at: new Date(1_000_000).toISOString() },
    { action: 'reveal', by: 'bob', subject: id, why: 'a call of the diner', result: 'shown' },
  ];
  expect(await audit.of(id)).toMatchObject(story);
  expect((await pages({ filter: { subject: id }, limit: 1 })).flat()).toMatchObject(story.toReversed());
  expect(await audit.of('pb-nobody')).toEqual([]);
});

test('each part of a filter leaves out what it does not ask for', async () => {
  await append({ by: 'bob', why: 'by bob' });
  await append({ action: 'sign_out', why: 'out' });
  await append({ at: now - 10_000, why: 'before' });
  await append({ at: now + 10_000, why: 'after' });
  const iso = (ms: number) => new Date(ms).toISOString();
  for (const [filter, wanted] of [
    [{ by: 'bob' }, ['by bob']],
    [{ action: ['sign_out', 'reveal'] }, ['out']],
    [{ from: iso(now + 1) }, ['after']],
    [{ to: iso(now) }, ['before']],
    [{ subject: 'session', by: 'ann', from: iso(now), to: iso(now + 1) }, ['out']],
    [{ subject: 'queue' }, []],
  ] as const) {
    const found = (
      await pages({
        filter: { ...filter, action: 'action' in filter ? [...filter.action] : undefined },
        limit: 9,
      })
    ).flat();
    expect([filter, found.map(({ why }) => why)]).toEqual([filter, wanted]);
  }
});

test('a page looks at so many entries and no more, and the next one goes on', async () => {
  await append({ by: 'bob' });
  const pipeline = box.redis.pipeline();
  for (let n = 0; n < 10_500; n += 1)
    pipeline.xadd(box.names.audit, '*', 'at', now, 'by', 'ann', 'action', 'auto');
  await pipeline.exec();
  const found = await pages({ filter: { by: 'bob' }, limit: 5 });
  expect(found.map((page) => page.length)).toEqual([0, 1]);
});

test('the whole log comes out oldest first, up to the entry that was the newest when it began', async () => {
  const pipeline = box.redis.pipeline();
  for (let n = 0; n < 1_200; n += 1)
    pipeline.xadd(
      box.names.audit,
      '*',
      'at',
      now,
      'by',
      `${n}`,
      'action',
      'auto',
      'subject',
      's',
      'reason',
      'r',
    );
  await pipeline.exec();
  const found: string[] = [];
  for await (const { by } of audit.all()) {
    if (found.length === 0) await append({ by: 'too late' });
    found.push(by);
  }
  expect(found).toEqual(Array.from({ length: 1_200 }, (_each, n) => `${n}`));
});

test('an entry of another release is shown as far as it can be, and breaks no page', async () => {
  const entryId = await box.redis.xadd(box.names.audit, '*', 'who', 'x', 'action', 'teleport', 'at', 'soon');
  await box.redis.xadd(
    box.names.audit,
    '*',
    'at',
    now,
    'by',
    'ann',
    'action',
    'replay',
    'subject',
    'pb-1',
    'reason',
    'r',
  );
  const { entries } = await audit.page({ filter: {}, limit: 10 });
  expect(entries).toMatchObject([
    { action: 'replay', by: 'ann', why: 'r' },
    { action: 'unknown', by: 'unknown', at: new Date(Number(entryId!.split('-')[0])).toISOString() },
  ]);
  expect(entries[1]?.result).toContain('action=teleport');
});

test.each([
  ['no cursor', {}],
  ['7', {}],
  ['1-1', { subject: 'session' }],
])('the cursor %j of another list is refused (%j)', async (cursor, filter) => {
  await expect(audit.page({ filter, limit: 5, cursor })).rejects.toThrow(InvalidCursor);
});
