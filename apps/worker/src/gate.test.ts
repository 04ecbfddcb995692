import { beforeEach, expect, test } from 'vitest';
import { createGate, type Gate } from './gate.ts';

type Place = { breaker: { places: number; availableAt: number }; pace: { places: number } };

let now: number;
let timers: { at: number; callback: () => void; isOver: boolean }[];
let listeners: (() => void)[];
let drainListeners: (() => void)[];
let applied: number[];
let reviews: number;
let drain: { isPaused: boolean };
beforeEach(() => {
  now = 1_000_000;
  timers = [];
  listeners = [];
  drainListeners = [];
  applied = [];
  reviews = 0;
  drain = { isPaused: false };
});

function aPlace(places: number, { availableAt = 0, pace = Infinity } = {}): Place {
  return { breaker: { places, availableAt }, pace: { places: pace } };
}

function aGate(factories: Place[], concurrency = 32): Gate {
  return createGate({
    factories: factories as never,
    board: { watch: (listener) => void listeners.push(listener) },
    drain: { get: () => drain, watch: (listener) => void drainListeners.push(() => listener(drain)) },
    concurrency,
    apply: (places) => void applied.push(places),
    onReview: () => (reviews += 1),
    now: () => now,
    after: (ms, callback) => {
      const timer = { at: now + ms, callback, isOver: false };
      timers.push(timer);
      return { [Symbol.dispose]: () => (timer.isOver = true) };
    },
  });
}

/** Turns the clock forward, and has the timers run whose time has come. */
function turnTo(at: number): void {
  now = at;
  for (const timer of timers.filter((each) => each.at <= now && !each.isOver)) {
    timer.isOver = true;
    timer.callback();
  }
}

function switchDrain(to: typeof drain): void {
  drain = to;
  for (const listener of drainListeners) listener();
}

function change(): void {
  for (const listener of listeners) listener();
}

test.for<[string, Place[], number]>([
  ['all that one factory has places for', [aPlace(4)], 4],
  ['what all factories together have places for', [aPlace(4), aPlace(8)], 12],
  ['no more than the worker can have in hand', [aPlace(32), aPlace(32)], 32],
  ['none while no factory takes orders', [aPlace(0), aPlace(0)], 0],
  ['one where one factory is to be probed', [aPlace(0), aPlace(1)], 1],
  ['no more than a slow pace lets through', [aPlace(32, { pace: 2 })], 2],
  ['what the other factory can take beside a slow one', [aPlace(32, { pace: 2 }), aPlace(8)], 10],
  ['none at a factory that takes none, whatever its pace', [aPlace(0, { pace: 5 })], 0],
])('it lets in %s', ([, factories, places]) => {
  using gate = aGate(factories);
  gate.review();
  expect(applied).toEqual([places]);
});

test('it follows every change of a verdict', () => {
  const primary = aPlace(32);
  using gate = aGate([primary]);
  gate.review();
  primary.breaker.places = 0;
  change();
  primary.breaker.places = 1;
  change();
  expect(applied).toEqual([32, 0, 1]);
  expect(reviews).toBe(3);
});

test('it looks again by itself at the first moment at which a factory may take orders', () => {
  const primary = aPlace(0, { availableAt: now + 5_000 });
  const fallback = aPlace(0, { availableAt: now + 9_000 });
  using gate = aGate([primary, fallback]);
  gate.review();
  turnTo(now + 4_999);
  expect(applied).toEqual([0]);
  primary.breaker = { places: 1, availableAt: 0 };
  turnTo(now + 1);
  expect(applied).toEqual([0, 1]);
  fallback.breaker = { places: 1, availableAt: 0 };
  turnTo(now + 4_000);
  expect(applied).toEqual([0, 1, 2]);
});

test('where time alone changes nothing it waits for a verdict', () => {
  using gate = aGate([aPlace(0, { availableAt: Infinity })]);
  gate.review();
  expect(timers).toEqual([]);
});

test('one timer is set at a time', () => {
  using gate = aGate([aPlace(0, { availableAt: now + 5_000 })]);
  gate.review();
  change();
  change();
  expect(timers.filter((each) => !each.isOver)).toHaveLength(1);
});

test('while the drain is paused it lets in none, not even a probe, and goes on where it was after that', () => {
  using gate = aGate([aPlace(2), aPlace(0, { availableAt: now + 5_000 })]);
  drain = { isPaused: true };
  gate.review();
  turnTo(now + 5_000);
  expect(applied).toEqual([0, 0]);
  switchDrain({ isPaused: false });
  expect(applied).toEqual([0, 0, 2]);
  switchDrain({ isPaused: true });
  expect(applied.at(-1)).toBe(0);
});

test('nobody gets in on a rumour: until everything was read for the first time it stays shut', () => {
  using gate = aGate([aPlace(32)]);
  change();
  expect(applied).toEqual([]);
  gate.review();
  expect(applied).toEqual([32]);
});

test('once shut it does nothing any more, whatever changes', () => {
  const gate = aGate([aPlace(0, { availableAt: now + 5_000 })]);
  gate.review();
  gate[Symbol.dispose]();
  change();
  turnTo(now + 10_000);
  expect(applied).toEqual([0]);
});
