import type { AttemptView, AuditEntry, OrderDetail } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { shortened, storyOf } from './story.ts';

const start = Date.parse('2026-11-23T12:00:00Z');
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

function attempt(n: number, seconds: number, changes: Partial<AttemptView> = {}): AttemptView {
  return {
    n,
    factory: 'primary',
    worker: 'w1',
    startedAt: at(seconds),
    endedAt: at(seconds + 1),
    durationMs: 1_000,
    outcome: 'failed',
    ...changes,
  };
}

function entry(action: AuditEntry['action'], seconds: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: `${action}-${seconds}`,
    at: at(seconds),
    by: 'ada',
    action,
    subject: 'pb-1',
    why: 'so',
    ...changes,
  };
}

function order(changes: Partial<OrderDetail> = {}): OrderDetail {
  const items = [{ menuId: 1, description: 'Veggie', price: 0.05 }];
  return {
    id: 'pb-1',
    state: 'queued',
    diner: { id: '2', isMasked: true },
    franchiseId: 1,
    storeId: '1',
    items: 1,
    total: 0.05,
    acceptedAt: at(0),
    attempts: 0,
    replays: 0,
    source: 'frontend',
    updatedAt: at(0),
    deadlineAt: at(86_400),
    hasReceipt: false,
    countedFailures: 0,
    order: { id: 'pb-1', franchiseId: 1, storeId: '1', items },
    attemptHistory: [],
    edits: [],
    audit: [],
    nextStep: { advice: '', actions: [] },
    ...changes,
  };
}

const kinds = (changes: Partial<OrderDetail>) => storyOf(order(changes)).map(({ kind }) => kind);

test('an order that waits was accepted and waits', () => {
  expect(kinds({})).toEqual(['accepted', 'waiting']);
});

test('long waits between attempts are a part of the story, short ones are not', () => {
  const attemptHistory = [attempt(1, 0.2), attempt(2, 1.3, { factory: 'fallback' }), attempt(3, 62.3)];
  const story = storyOf(order({ state: 'dead', reason: 'exhausted', settledAt: at(63.4), attemptHistory }));
  expect(story.map(({ kind }) => kind)).toEqual([
    'accepted',
    'attempt',
    'attempt',
    'wait',
    'attempt',
    'settled',
  ]);
  expect(story.find(({ kind }) => kind === 'wait')).toMatchObject({ ms: 60_000, at: start + 2_300 });
});

test('after a replay the wait is counted from the replay, not from the failure before it', () => {
  const story = storyOf(
    order({
      state: 'fulfilled',
      settledAt: at(611),
      factory: 'primary',
      attemptHistory: [attempt(1, 0.1), attempt(2, 610, { outcome: 'fulfilled' })],
      audit: [entry('replay', 600)],
    }),
  );
  expect(story.map(({ kind }) => kind)).toEqual(['accepted', 'attempt', 'act', 'wait', 'attempt', 'settled']);
  expect(story.find(({ kind }) => kind === 'wait')).toMatchObject({ ms: 10_000 });
});

test('an attempt under way has no wait after it', () => {
  const { endedAt: _endedAt, durationMs: _durationMs, ...open } = attempt(1, 0.1);
  expect(kinds({ state: 'baking', attemptHistory: [{ ...open, outcome: 'under_way' }] })).toEqual([
    'accepted',
    'attempt',
  ]);
});

test('an edit says what it changed, each against the version after it', () => {
  const before = (description: string) => ({
    ...order().order,
    items: [{ menuId: 1, description, price: 0.05 }],
  });
  const story = storyOf(
    order({
      edits: [
        { at: at(10), by: 'ada', why: 'first', before: before('Vegie') },
        { at: at(20), by: 'ada', why: 'second', before: before('Veggi') },
      ],
      audit: [entry('edit', 10), entry('replay', 10), entry('edit', 20)],
    }),
  );
  const changes = story.flatMap((event) => (event.kind === 'act' ? event.changes : []));
  expect(changes.map((change) => [change.before, change.after])).toEqual([
    ['Vegie, menu 1, 0.05', 'Veggi, menu 1, 0.05'],
    ['Veggi, menu 1, 0.05', 'Veggie, menu 1, 0.05'],
  ]);
});

test('a discard is told once, by who did it', () => {
  const audit = [entry('discard', 30, { why: 'the diner is gone' })];
  expect(kinds({ state: 'discarded', settledAt: at(30), audit })).toEqual(['accepted', 'act']);
});

test('a long story loses its middle and nothing else', () => {
  const attemptHistory = Array.from({ length: 60 }, (_, n) => attempt(n + 1, n * 1.5));
  const story = storyOf(order({ attemptHistory }));
  const { first, hidden, last } = shortened(story);
  expect(first.length + hidden + last.length).toBe(story.length);
  expect(last.at(-1)).toBe(story.at(-1));
  expect(shortened(story.slice(0, 20))).toEqual({ first: story.slice(0, 20), hidden: 0, last: [] });
});
