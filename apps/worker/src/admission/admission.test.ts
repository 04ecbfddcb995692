import { beforeEach, expect, test } from 'vitest';
import { createAdmission, type Admission } from './admission.ts';

type FactoryPart = { breaker: { permits: number; availableAt: number }; rate: { permits: number } };

let now: number;
let timers: { at: number; callback: () => void; isOver: boolean }[];
let listeners: (() => void)[];
let pauseListeners: (() => void)[];
let applied: number[];
let reviews: number;
let queuePause: { isPaused: boolean };
beforeEach(() => {
  now = 1_000_000;
  timers = [];
  listeners = [];
  pauseListeners = [];
  applied = [];
  reviews = 0;
  queuePause = { isPaused: false };
});

function aFactory(permits: number, { availableAt = 0, rate = Infinity } = {}): FactoryPart {
  return { breaker: { permits, availableAt }, rate: { permits: rate } };
}

function anAdmission(factories: FactoryPart[], concurrency = 32): Admission {
  return createAdmission({
    factories: factories as never,
    breakers: { watch: (listener) => void listeners.push(listener) },
    queuePause: {
      get: () => queuePause,
      watch: (listener) => void pauseListeners.push(() => listener(queuePause)),
    },
    concurrency,
    apply: (permits) => void applied.push(permits),
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

function pauseQueue(to: typeof queuePause): void {
  queuePause = to;
  for (const listener of pauseListeners) listener();
}

function change(): void {
  for (const listener of listeners) listener();
}

test.for<[string, FactoryPart[], number]>([
  ['all that one factory has permits for', [aFactory(4)], 4],
  ['what all factories together have permits for', [aFactory(4), aFactory(8)], 12],
  ['no more than the worker can have in hand', [aFactory(32), aFactory(32)], 32],
  ['none while no factory takes orders', [aFactory(0), aFactory(0)], 0],
  ['one where one factory is to be probed', [aFactory(0), aFactory(1)], 1],
  ['no more than a slow rate lets through', [aFactory(32, { rate: 2 })], 2],
  ['what the other factory can take beside a slow one', [aFactory(32, { rate: 2 }), aFactory(8)], 10],
  ['none at a factory that takes none, whatever its rate', [aFactory(0, { rate: 5 })], 0],
])('it lets in %s', ([, factories, permits]) => {
  using admission = anAdmission(factories);
  admission.review();
  expect(applied).toEqual([permits]);
});

test('it follows every change of a breaker', () => {
  const primary = aFactory(32);
  using admission = anAdmission([primary]);
  admission.review();
  primary.breaker.permits = 0;
  change();
  primary.breaker.permits = 1;
  change();
  expect(applied).toEqual([32, 0, 1]);
  expect(reviews).toBe(3);
});

test('it looks again by itself at the first moment at which a factory may take orders', () => {
  const primary = aFactory(0, { availableAt: now + 5_000 });
  const fallback = aFactory(0, { availableAt: now + 9_000 });
  using admission = anAdmission([primary, fallback]);
  admission.review();
  turnTo(now + 4_999);
  expect(applied).toEqual([0]);
  primary.breaker = { permits: 1, availableAt: 0 };
  turnTo(now + 1);
  expect(applied).toEqual([0, 1]);
  fallback.breaker = { permits: 1, availableAt: 0 };
  turnTo(now + 4_000);
  expect(applied).toEqual([0, 1, 2]);
});

test('where time alone changes nothing it waits for a breaker to change', () => {
  using admission = anAdmission([aFactory(0, { availableAt: Infinity })]);
  admission.review();
  expect(timers).toEqual([]);
});

test('one timer is set at a time', () => {
  using admission = anAdmission([aFactory(0, { availableAt: now + 5_000 })]);
  admission.review();
  change();
  change();
  expect(timers.filter((each) => !each.isOver)).toHaveLength(1);
});

test('while the queue is paused it lets in none, not even a probe, and goes on where it was after that', () => {
  using admission = anAdmission([aFactory(2), aFactory(0, { availableAt: now + 5_000 })]);
  queuePause = { isPaused: true };
  admission.review();
  turnTo(now + 5_000);
  expect(applied).toEqual([0, 0]);
  pauseQueue({ isPaused: false });
  expect(applied).toEqual([0, 0, 2]);
  pauseQueue({ isPaused: true });
  expect(applied.at(-1)).toBe(0);
});

test('nobody gets in on a rumour: until everything was read for the first time it stays shut', () => {
  using admission = anAdmission([aFactory(32)]);
  change();
  expect(applied).toEqual([]);
  admission.review();
  expect(applied).toEqual([32]);
});

test('once shut it does nothing any more, whatever changes', () => {
  const admission = anAdmission([aFactory(0, { availableAt: now + 5_000 })]);
  admission.review();
  admission[Symbol.dispose]();
  change();
  turnTo(now + 10_000);
  expect(applied).toEqual([0]);
});
