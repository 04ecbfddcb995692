import type { QueuePauseView } from '@proofbox/contract/admin';
import { createMemoryBreakerStore, type MemoryBreakerStore } from '@proofbox/factory/breaker';
import { beforeEach, expect, test } from 'vitest';
import { followPause } from './follow-pause.ts';

const resumed: QueuePauseView = {
  isPaused: false,
  by: 'ann',
  at: '2026-11-23T14:00:00.000Z',
  why: 'it is hot',
};
let breakers: MemoryBreakerStore;
let seen: boolean[];
let hear: (queuePause: QueuePauseView) => void;
beforeEach(() => {
  breakers = createMemoryBreakerStore();
  seen = [];
  followPause({
    queuePause: { watch: (listener) => (hear = listener) },
    breakers,
    factories: [{ name: 'primary' }],
    events: { pauseSeen: ({ isPaused }) => void seen.push(isPaused) },
    onError: (error) => {
      throw error;
    },
  });
});

const permits = () => breakers.get('primary').permits;

test('a backlog that has waited does not flood a factory: one order at a time at first', () => {
  hear({ ...resumed, isPaused: true });
  expect(permits()).toBeUndefined();
  hear(resumed);
  expect(permits()).toBe(1);
  expect(seen).toEqual([true, false]);
});

test('a Redis that lost its data has resumed nothing', () => {
  hear({ isPaused: false });
  expect(permits()).toBeUndefined();
});
