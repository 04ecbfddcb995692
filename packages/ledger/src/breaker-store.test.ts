import { once } from 'node:events';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { connectPatiently } from './connections.ts';
import { openTestLedger, type TestLedger } from './test-ledger.ts';
import { createVerdictBoard, type VerdictBoard } from './verdict-board.ts';
import { force, unknownFactory, type VerdictChange } from './verdict-changes.ts';

let box: TestLedger;
let opened: AsyncDisposableStack;
beforeEach(() => {
  opened = new AsyncDisposableStack();
  box = opened.use(openTestLedger());
});
afterEach(() => opened.disposeAsync());

function connect(): TestLedger['redis'] {
  return opened.adopt(connectPatiently({ url: inject('redisUrl'), onError: fail }), (redis) =>
    redis.disconnect(),
  );
}

function fail(error: Error): never {
  throw error;
}

/** A board as another process has one. */
function aBoard(): VerdictBoard {
  return createVerdictBoard({ redis: connect(), names: box.names, onError: fail });
}

async function aListeningBoard(): Promise<VerdictBoard> {
  const subscriber = connect();
  const board = createVerdictBoard({ redis: connect(), subscriber, names: box.names, onError: fail });
  await once(subscriber, 'ready');
  // Answered after the subscription, on the same connection.
  await subscriber.ping();
  return board;
}

const countOne: VerdictChange = (verdict) => ({ ...verdict, timesOpened: verdict.timesOpened + 1 });

function forceOpen(why = 'a test'): VerdictChange {
  return force({ to: 'open', by: 'ann', why, now: Date.now() });
}

test('what a person does to a factory and its audit entry are one: both, or nothing', async () => {
  const board = aBoard();
  const entry = { at: 7, by: 'ann', action: 'force_open', why: 'maintenance' } as const;
  await box.redis.set(box.names.audit, 'no log');
  await expect(board.update('primary', forceOpen(), entry)).rejects.toThrow('WRONGTYPE');
  expect(await box.redis.exists(box.names.verdicts)).toBe(0);

  await box.redis.del(box.names.audit);
  await board.update('primary', forceOpen(), entry);
  await board.update('primary', () => undefined, { ...entry, by: 'bob' });
  expect((await box.redis.xrange(box.names.audit, '-', '+')).map(([, fields]) => fields)).toEqual([
    ['at', '7', 'by', 'ann', 'action', 'force_open', 'subject', 'factory:primary', 'reason', 'maintenance'],
  ]);
});

test('of 100 changes at the same time from three boards none is lost, and none made twice', async () => {
  const boards = [aBoard(), await aListeningBoard(), await aListeningBoard()];
  await Promise.all(Array.from({ length: 100 }, (_each, i) => boards[i % 3]!.update('primary', countOne)));
  await Promise.all(boards.map((board) => board.refresh()));
  expect(boards.map((board) => board.get('primary').timesOpened)).toEqual([100, 100, 100]);
});

test('a change is seen by its own process at once, by the others within a second', async () => {
  const [mine, theirs] = [aBoard(), await aListeningBoard()];
  let heard = 0;
  theirs.watch(() => (heard += 1));
  const changing = mine.update('primary', forceOpen());
  expect(mine.get('primary').forced?.to).toBe('open');
  const changedAt = performance.now();
  await changing;
  await expect.poll(() => theirs.get('primary').forced?.to, { interval: 5, timeout: 1_000 }).toBe('open');
  expect(performance.now() - changedAt).toBeLessThan(1_000);
  expect(heard).toBe(1);
  expect(theirs.get('fallback')).toEqual(unknownFactory('fallback'));
});

test('a verdict that another release wrote in another shape stops nobody: it counts as none, and is overwritten', async () => {
  const board = await aListeningBoard();
  const strange = JSON.stringify({ factory: 'primary', version: 7, mood: 'sour' });
  await box.redis.hset(box.names.verdicts, 'primary', strange);
  await board.refresh();
  expect(board.get('primary')).toEqual({ ...unknownFactory('primary'), version: 7 });
  await box.redis.publish(box.names.verdictsChanged, strange);
  await board.update('primary', forceOpen());
  const other = aBoard();
  await other.refresh();
  expect(other.get('primary').forced?.to).toBe('open');
});

test('a change that meets a newer verdict is made to that one', async () => {
  const [mine, theirs] = [aBoard(), aBoard()];
  await theirs.update('primary', forceOpen('first'));
  const verdict = await mine.update('primary', countOne);
  expect(verdict).toMatchObject({ timesOpened: 1, forced: { why: 'first' } });
  expect(mine.get('primary')).toEqual(verdict);
});

test('two changes of one process, of which the first meets a newer verdict, overwrite nothing', async () => {
  const [mine, theirs] = [aBoard(), aBoard()];
  await theirs.update('primary', forceOpen('first'));
  await Promise.all([mine.update('primary', countOne), mine.update('primary', countOne)]);
  await theirs.refresh();
  expect(theirs.get('primary')).toMatchObject({ timesOpened: 2, forced: { why: 'first' } });
});

test("fifty changes of one process at once do not get in each other's way: each takes one round trip", async () => {
  const redis = connect();
  await once(redis, 'ready');
  const board = createVerdictBoard({ redis, names: box.names, onError: fail });
  await board.update('primary', countOne);
  const sent = vi.spyOn(redis, 'sendCommand');
  await Promise.all(Array.from({ length: 50 }, () => board.update('primary', countOne)));
  expect(sent.mock.calls.length).toBe(50);
  expect(board.get('primary').timesOpened).toBe(51);
});

test('a change that is not needed any more is not made', async () => {
  const [mine, theirs] = [aBoard(), aBoard()];
  const onlyOnce: VerdictChange = (verdict) => (verdict.timesOpened > 0 ? undefined : countOne(verdict));
  const first = await theirs.update('primary', onlyOnce);
  expect(await mine.update('primary', onlyOnce)).toEqual(first);
});

test('an operator is heard by a board that never listened, once it asks again', async () => {
  const [mine, theirs] = [aBoard(), aBoard()];
  await theirs.update('fallback', forceOpen());
  expect(mine.get('fallback').forced).toBeUndefined();
  await mine.refresh();
  expect(mine.get('fallback').forced?.by).toBe('ann');
});

test('after Redis has lost everything, factories are trusted again and new verdicts are heard', async () => {
  const [mine, theirs] = [aBoard(), await aListeningBoard()];
  await mine.update('primary', forceOpen());
  await mine.update('primary', countOne);
  await expect.poll(() => theirs.get('primary').timesOpened).toBe(1);
  await box.redis.del(box.names.verdicts);

  // One that has not noticed yet hears of a verdict on the new Redis all the same.
  await mine.refresh();
  expect(mine.get('primary')).toEqual(unknownFactory('primary'));
  await mine.update('primary', (verdict) => ({ ...verdict, places: 3 }));
  await expect
    .poll(() => theirs.get('primary'), { timeout: 1_000 })
    .toMatchObject({ timesOpened: 0, places: 3 });

  await box.redis.del(box.names.verdicts);
  await theirs.refresh();
  expect(theirs.get('primary')).toEqual(unknownFactory('primary'));
});

test('a change that Redis refuses is not believed', async () => {
  const board = aBoard();
  await box.redis.set(box.names.verdicts, 'not a hash');
  const changing = board.update('primary', forceOpen());
  expect(board.get('primary').forced?.to).toBe('open');
  await expect(changing).rejects.toThrow('WRONGTYPE');
  expect(board.get('primary')).toEqual(unknownFactory('primary'));
  await box.redis.del(box.names.verdicts);
  expect(await board.update('primary', countOne)).toMatchObject({ timesOpened: 1 });
});
