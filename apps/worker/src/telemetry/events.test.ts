import { createMetrics, type Logger } from '@proofbox/runtime';
import { beforeEach, expect, test, vi } from 'vitest';
import { createEvents, type Events } from './events.ts';

const info = vi.fn<(facts: object, message: string) => void>();
const warn = vi.fn<(facts: object, message: string) => void>();
const error = vi.fn<(facts: object, message: string) => void>();
let metrics: ReturnType<typeof createMetrics>;
let events: Events;
beforeEach(() => {
  info.mockClear();
  warn.mockClear();
  metrics = createMetrics();
  events = createEvents({ info, warn, error } as unknown as Logger, metrics);
  events.factoryConfigured('primary');
});

/** @param labels beside the factory's, as they stand in the text */
async function value(name: string, labels = ''): Promise<number> {
  const text = await metrics.metrics();
  return Number(new RegExp(`^${name}\\{factory="primary"${labels}\\} (\\S+)$`, 'm').exec(text)?.[1]);
}

const up = (): Promise<number> => value('pizza_factory_up');

const fulfilled = { kind: 'fulfilled', receipt: 'r', status: 200 } as const;
const failed = { kind: 'failed', status: 500, detail: 'chaos monkey', endChaosLink: true } as const;

test('a status that another worker brought about is news: open is bad, closed after that is good', async () => {
  events.factorySeen('primary', 'closed');
  expect(await up()).toBe(1);
  events.factorySeen('primary', 'open');
  expect(await up()).toBe(0);
  expect(await value('pizza_factory_breaker_state', ',state="open"')).toBe(1);
  expect(await value('pizza_factory_breaker_state', ',state="closed"')).toBe(0);
  events.factorySeen('primary', 'half_open');
  expect(await up()).toBe(0);
  events.factorySeen('primary', 'closed');
  expect(await up()).toBe(1);
  expect(await value('pizza_factory_last_good_timestamp_seconds')).toBe(0);
});

test('out of service raises the alert, and an operator who takes over ends it', async () => {
  events.factorySeen('primary', 'out_of_service');
  expect(await value('pizza_factory_misconfigured')).toBe(1);
  events.factorySeen('primary', 'forced_open');
  expect(await value('pizza_factory_misconfigured')).toBe(0);
  expect(warn).toHaveBeenCalledOnce();
});

test('an order that any worker had baked is the last good thing, unless a failure came after it', async () => {
  const earlier = Date.now() - 60_000;
  events.canaryEnded({ canaryId: 'c', factory: 'primary', probe: false, outcome: failed, durationMs: 1 });
  events.lastFulfilledSeen('primary', earlier);
  expect(await up()).toBe(0);
  expect(await value('pizza_factory_last_good_timestamp_seconds')).toBe(earlier / 1_000);
  events.lastFulfilledSeen('primary', Date.now() + 1);
  expect(await up()).toBe(1);
  events.lastFulfilledSeen('primary', 0);
  expect(await up()).toBe(1);
});

test('a canary is one log line and one count, and sets how the factory is', async () => {
  const canary = { canaryId: 'canary-1', factory: 'primary', probe: true, durationMs: 7 } as const;
  events.canaryEnded({ ...canary, outcome: fulfilled });
  expect(info.mock.calls).toEqual([[expect.objectContaining({ ...canary, outcome: 'fulfilled' }), 'canary']]);
  expect(JSON.stringify(info.mock.calls)).not.toContain('receipt');
  expect(await value('proofbox_canaries_total', ',outcome="fulfilled"')).toBe(1);
  expect(await value('pizza_factory_last_good_timestamp_seconds')).toBeCloseTo(Date.now() / 1_000, -1);
  expect(await up()).toBe(1);
  events.canaryEnded({ ...canary, outcome: failed });
  expect(warn.mock.calls).toEqual([
    [expect.objectContaining({ outcome: 'failed', status: 500, detail: 'chaos monkey' }), 'canary'],
  ]);
  expect(await up()).toBe(0);
  expect(await value('proofbox_attempts_total', ',outcome="failed"')).toBe(0);
});

test('a receipt that says something else than the order is an error, for it wants a person', async () => {
  const outcome = { kind: 'receipt_mismatch', detail: 'diner.id' } as const;
  events.canaryEnded({ canaryId: 'c', factory: 'primary', probe: false, outcome, durationMs: 1 });
  expect(error.mock.calls).toEqual([
    [expect.objectContaining({ outcome: 'receipt_mismatch', detail: 'diner.id' }), 'canary'],
  ]);
  expect(await up()).toBe(1);
});

test('of a health page every answer is measured, and only a change is told', async () => {
  const answer = { good: false, detail: '503', durationMs: 12 };
  events.healthPageSeen('primary', answer);
  events.healthPageSeen('primary', answer);
  expect(await up()).toBe(0);
  events.healthPageSeen('primary', { good: undefined, detail: '404', durationMs: 3 });
  expect(await up()).toBe(0);
  events.healthPageSeen('primary', { good: true, detail: '200', durationMs: 3 });
  expect(await up()).toBe(1);
  expect(warn).toHaveBeenCalledTimes(2);
  expect(info).toHaveBeenCalledTimes(1);
  expect(await value('pizza_factory_health_latency_ms_count')).toBe(4);
  expect(await value('pizza_factory_last_good_timestamp_seconds')).toBe(0);
});

test('a queue that is paused and resumed is told once each, with who and why', async () => {
  const paused = { isPaused: true, by: 'ann', at: '2026-11-23T14:00:00.000Z', why: 'a new oven' };
  const gauge = async () => /^proofbox_queue_paused (\S+)$/m.exec(await metrics.metrics())?.[1];
  events.pauseSeen({ isPaused: false });
  expect(await gauge()).toBe('0');
  events.pauseSeen(paused);
  events.pauseSeen(paused);
  expect(await gauge()).toBe('1');
  events.pauseSeen({ isPaused: false });
  expect(await gauge()).toBe('0');
  expect(warn.mock.calls.map(([, message]) => message)).toEqual(['queue paused', 'queue resumed']);
  expect(warn.mock.calls[0]![0]).toEqual({ by: 'ann', at: paused.at, why: 'a new oven' });
});
