import type { DrainView } from '@proofbox/contract';
import { beforeEach, expect, test } from 'vitest';
import { followDrain } from './follow-drain.ts';
import { createTestBoard, type TestBoard } from './test-board.ts';

const resumed: DrainView = { isPaused: false, by: 'ann', at: '2026-11-23T14:00:00.000Z', why: 'it is hot' };
let board: TestBoard;
let seen: boolean[];
let hear: (drain: DrainView) => void;
beforeEach(() => {
  board = createTestBoard();
  seen = [];
  followDrain({
    drain: { watch: (listener) => (hear = listener) },
    board,
    factories: [{ name: 'primary' }],
    events: { drainSeen: ({ isPaused }) => void seen.push(isPaused) },
    onError: (error) => {
      throw error;
    },
  });
});

test('a backlog that has waited does not flood a factory: one order at a time at first', () => {
  hear({ ...resumed, isPaused: true });
  expect(board.verdict.places).toBeUndefined();
  hear(resumed);
  expect(board.verdict.places).toBe(1);
  expect(seen).toEqual([true, false]);
});

test('a Redis that lost its data has resumed nothing', () => {
  hear({ isPaused: false });
  expect(board.verdict.places).toBeUndefined();
});
