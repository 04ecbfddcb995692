import type { FactoryName } from '@proofbox/contract';
import { trustedState, type BreakerState } from '@proofbox/factory/breaker';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHistoryRecorder, readHistory, readLastSamples, type HistoryRecorder } from './history.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';

let box: TestLedger;
beforeEach(() => {
  box = openTestLedger();
});
afterEach(() => box[Symbol.asyncDispose]());

/** A breaker of the primary that can be changed by hand. */
function aStore() {
  const listeners: (() => void)[] = [];
  let state: BreakerState = trustedState('primary');
  return {
    get: (name: FactoryName) => (name === 'primary' ? state : trustedState(name)),
    watch: (listener: () => void) => void listeners.push(listener),
    set(changes: Partial<BreakerState>) {
      state = { ...state, ...changes };
      for (const listener of listeners) listener();
    },
  };
}

function aRecorder(breakers = aStore()): HistoryRecorder {
  return createHistoryRecorder({ ...box, breakers, factories: ['primary'], now: () => box.clock.now });
}

/** A sample as it stands in Redis. */
async function written(at: number, changes: Record<string, unknown> = {}): Promise<void> {
  const sample = { accepted: 1, fulfilled: 1, dead: 0, held: 0, backlog: 0, factories: {}, ...changes };
  await box.redis.xadd(box.names.history, `${at}-0`, 'sample', JSON.stringify(sample));
}

const end = Date.parse('2026-11-23T12:00:00.000Z');
const now = () => end;
const minuteMs = 60_000;

test('of three workers that are due at once, one takes the sample', async () => {
  await box.accepted();
  box.clock.now += 7_000;
  const workers = [aRecorder(), aRecorder(), aRecorder()];
  const turns = await Promise.all(workers.map((worker) => worker.recordIfDue()));
  expect(turns.filter(Boolean)).toHaveLength(1);
  const { intervalMs, samples } = await readHistory(box, { hours: 1 });
  expect(intervalMs).toBe(10_000);
  expect(samples).toEqual([
    {
      at: expect.any(String),
      accepted: 1,
      fulfilled: 0,
      dead: 0,
      held: 0,
      backlog: 1,
      oldestPendingMs: 7_000,
      factories: { primary: 'closed' },
    },
  ]);
  expect(Math.abs(Date.parse(samples[0]!.at) - Date.now())).toBeLessThan(minuteMs);
  expect(await readLastSamples(box, { count: 2, withinMs: minuteMs })).toEqual(samples);
  const later = { count: 2, withinMs: 0, now: () => Date.now() + minuteMs };
  expect(await readLastSamples(box, later)).toEqual([]);
});

test('an outage that was over before the sample is in it, and in no later one', async () => {
  const breakers = aStore();
  const recorder = aRecorder(breakers);
  breakers.set({ state: 'open', openUntil: box.clock.now + 1_000 });
  breakers.set({ state: 'closed' });
  const conditionsThen: unknown[] = [];
  for (let i = 0; i < 2; i += 1) {
    await box.redis.del(box.names.historyLease);
    expect(await recorder.recordIfDue()).toBe(true);
    const [last] = await readLastSamples(box, { count: 1, withinMs: minuteMs });
    conditionsThen.push(last?.factories.primary);
  }
  expect(conditionsThen).toEqual(['open', 'closed']);
});

test('two days are thinned to what a chart can show, the last of each stretch, and no outage is thinned away', async () => {
  const pipeline = box.redis.pipeline();
  for (let at = end - 48 * 60 * minuteMs; at < end; at += 10_000) {
    const condition = at === end - 60 * minuteMs ? 'open' : 'closed';
    const sample = {
      accepted: at,
      fulfilled: 0,
      dead: 0,
      held: 0,
      backlog: 0,
      factories: { primary: condition },
    };
    pipeline.xadd(box.names.history, `${at}-0`, 'sample', JSON.stringify(sample));
  }
  await pipeline.exec();
  const { intervalMs, samples } = await readHistory(box, { hours: 48, now });
  expect(intervalMs).toBe(4 * minuteMs);
  expect(samples).toHaveLength(720);
  expect(samples.filter(({ factories }) => factories.primary === 'open')).toHaveLength(1);
  expect(samples.at(-1)!.at).toBe('2026-11-23T11:59:50.000Z');
  const times = samples.map(({ at }) => Date.parse(at));
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(samples.every(({ accepted, at }) => accepted === Date.parse(at))).toBe(true);

  const lastTwoHours = await readHistory(box, { hours: 2, now });
  expect(lastTwoHours.intervalMs).toBe(10_000);
  expect(lastTwoHours.samples).toHaveLength(720);
  expect(await readHistory(box, { hours: 1 / 60, now })).toMatchObject({ samples: { length: 6 } });
});

test('the worst that happened is what is shown: refused by a factory before open, open before half-open', async () => {
  for (const [i, condition] of ['closed', 'half_open', 'open', 'out_of_service', 'forced_open'].entries())
    await written(end - 7_200_000 + i * 10_000, { factories: { primary: condition } });
  const { samples } = await readHistory(box, { hours: 24, now });
  expect(samples.map(({ factories }) => factories.primary)).toEqual(['out_of_service']);
});

test('what another release wrote in another shape is left out', async () => {
  await written(end - 60_000, { backlog: 'many' });
  await box.redis.xadd(box.names.history, `${end - 50_000}-0`, 'sample', 'no JSON');
  await written(end - 40_000, { backlog: 3 });
  const { samples } = await readHistory(box, { hours: 1, now });
  expect(samples).toMatchObject([{ backlog: 3, at: new Date(end - 40_000).toISOString() }]);
});

test('no more than two days of samples are kept', async () => {
  const pipeline = box.redis.pipeline();
  const many = 48 * 360 + 1_000;
  for (let i = 1; i <= many; i += 1) pipeline.xadd(box.names.history, `${i}-0`, 'sample', '{}');
  await pipeline.exec();
  await aRecorder().recordIfDue();
  // Redis trims whole nodes of a hundred entries.
  expect(await box.redis.xlen(box.names.history)).toBeLessThanOrEqual(48 * 360 + 100);
});
