import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAuditLog } from '../audit-log/audit-log.ts';
import { acknowledgeLoss, readLoss, watchDataset, type DatasetWatch } from './dataset-watch.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

function watch(): DatasetWatch {
  return watchDataset({ redis: box.redis, names: box.names, now: () => box.clock.now });
}

async function emptyRedis(): Promise<void> {
  await box.redis.del(...(await box.redis.keys(`${box.names.root}:*`)));
}

/** What stands in Redis now; calling what it returns brings it back, and what came after it is lost. */
async function takeCopy(): Promise<() => Promise<void>> {
  const { dataset, counters } = box.names;
  const [mark, counts] = [await box.redis.hgetall(dataset), await box.redis.hgetall(counters)];
  return async () => {
    await box.redis.del(dataset, counters);
    await box.redis.hset(dataset, mark);
    await box.redis.hset(counters, counts);
  };
}

test('a first start on an empty Redis is no loss, and neither is a second process', async () => {
  expect(await watch().look({ beat: true })).toBeUndefined();
  await box.accepted();
  expect(await watch().look()).toBeUndefined();
});

test('work goes on for long without a false alarm', async () => {
  const [one, other] = [watch(), watch()];
  for (let turn = 0; turn < 10; turn += 1) {
    expect(await one.look({ beat: true })).toBeUndefined();
    await box.accepted();
    expect(await other.look()).toBeUndefined();
  }
});

test('an emptied Redis is noticed by every process that knew it, whichever looks first', async () => {
  const [one, other] = [watch(), watch()];
  await box.accepted();
  await one.look();
  await other.look();
  await emptyRedis();
  const loss = { noticedAt: box.clock.now, kind: 'other_dataset', acceptedBefore: 1, acceptedAfter: 0 };
  expect(await one.look()).toEqual(loss);
  expect(await other.look()).toEqual(loss);
  expect([one.hasSeenLoss(), other.hasSeenLoss()]).toEqual([true, true]);
});

test.for([
  ['orders are missing', () => box.accepted(), false],
  ['no order was accepted since, but time had gone by', async () => {}, true],
] as const)('an older file is noticed: %s', async ([, meanwhile, beat]) => {
  const one = watch();
  await box.accepted();
  await one.look({ beat: true });
  const restore = await takeCopy();
  await meanwhile();
  await one.look({ beat });
  await restore();
  expect(await one.look()).toMatchObject({ kind: 'older_dataset' });
});

test('it stays, also for a process that starts later, until an operator acknowledges it', async () => {
  const one = watch();
  await one.look();
  await emptyRedis();
  await one.look();
  expect(await one.look()).toBeDefined();
  const later = watch();
  expect(await later.look()).toMatchObject({ kind: 'other_dataset' });
  expect([one.hasSeenLoss(), later.hasSeenLoss()]).toEqual([true, false]);

  expect(await acknowledgeLoss({ ...box, by: 'ann' })).toMatchObject({ kind: 'other_dataset' });
  expect(await one.look()).toBeUndefined();
  expect(await later.look()).toBeUndefined();
  expect(one.hasSeenLoss()).toBe(false);
  expect(await readLoss(box)).toBeUndefined();
  expect(await acknowledgeLoss({ ...box, by: 'bob' })).toBeUndefined();
  expect(await createAuditLog(box).of('dataset')).toMatchObject([
    { by: 'ann', action: 'acknowledge_loss', result: '0 orders before, 0 after' },
  ]);
});

test('what was seen before a restart is compared with, too', async () => {
  const one = watch();
  await box.accepted();
  await one.look();
  await emptyRedis();
  const { redis, names } = box;
  const fresh = watchDataset({ redis, names });
  expect(await fresh.look()).toBeUndefined();
  const restarted = watchDataset({ redis, names, seenBefore: one.seen() });
  expect(await restarted.look()).toMatchObject({ kind: 'other_dataset', acceptedBefore: 1 });
});

test('each loss is told once to each process, whoever noticed it', async () => {
  const told: string[] = [];
  const named = (name: string) =>
    watchDataset({ redis: box.redis, names: box.names, onLoss: () => told.push(name) });
  const [one, other] = [named('one'), named('other')];
  await one.look();
  await other.look();
  await emptyRedis();
  for (const each of [one, other, one, other]) await each.look();
  await named('later').look();
  expect(told).toEqual(['one', 'other', 'later']);
  await acknowledgeLoss({ ...box, by: 'ann' });
  await emptyRedis();
  await one.look();
  expect(told).toEqual(['one', 'other', 'later', 'one']);
});

test('a second loss after an acknowledged one is noticed, too', async () => {
  const one = watch();
  for (let times = 0; times < 2; times += 1) {
    expect(await one.look()).toBeUndefined();
    await emptyRedis();
    expect(await one.look()).toBeDefined();
    await acknowledgeLoss({ ...box, by: 'ann' });
  }
});
