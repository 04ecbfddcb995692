import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followEvents, type LiveState } from './live-stream.ts';

const overview = {
  at: '2026-11-23T12:00:00.000Z',
  counts: { queued: 0, baking: 0, fulfilled: 0, held: 0, dead: 0, discarded: 0 },
  accepted: 0,
  acceptedPerSecond: 0,
  fulfilledPerSecond: 0,
  backlog: 0,
  workers: 1,
  factories: [],
  queuePause: { isPaused: false },
  warnings: [],
};

class FakeStream extends EventTarget {
  isClosed = false;
  close(): void {
    this.isClosed = true;
  }
  say(event: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
}

let streams: FakeStream[];
let states: LiveState['is'][];
let overviews: number;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  streams = [];
  states = [];
  overviews = 0;
  stop = followEvents(
    {
      onState: ({ is }) => states.push(is),
      onOverview: () => (overviews += 1),
      onBulk: () => {},
    },
    () => {
      const stream = new FakeStream();
      streams.push(stream);
      return stream as unknown as EventSource;
    },
  );
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('an overview makes the page live', () => {
  streams[0]?.say('overview', overview);
  expect(states).toEqual(['connecting', 'live']);
  expect(overviews).toBe(1);
});

test('a stream that is cut is opened again, ever more patiently, until it is back', () => {
  streams[0]?.say('overview', overview);
  for (const [streamsSoFar, delayMs] of [
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
  ] as const) {
    streams.at(-1)?.dispatchEvent(new Event('error'));
    expect(states.at(-1)).toBe('cut');
    vi.advanceTimersByTime(delayMs - 1);
    expect(streams).toHaveLength(streamsSoFar);
    vi.advanceTimersByTime(1);
    expect(streams).toHaveLength(streamsSoFar + 1);
  }
  streams.at(-1)?.say('overview', overview);
  expect(states.at(-1)).toBe('live');
});

test('a stream that has gone silent is as good as cut', () => {
  streams[0]?.say('overview', overview);
  vi.advanceTimersByTime(6_000);
  expect(states.at(-1)).toBe('cut');
  expect(streams[0]?.isClosed).toBe(true);
  vi.advanceTimersByTime(1_000);
  expect(streams).toHaveLength(2);
});

test('an event that this page does not understand changes nothing and breaks nothing', () => {
  streams[0]?.say('overview', { of: 'another release' });
  vi.advanceTimersByTime(5_000);
  expect([overviews, states]).toEqual([0, ['connecting']]);
});

test('a Redis that is away is told, and is no cut', () => {
  streams[0]?.say('away', { since: overview.at, why: 'Redis does not answer' });
  expect(states.at(-1)).toBe('away');
  streams[0]?.say('overview', overview);
  expect(states.at(-1)).toBe('live');
});

test('once ended, nothing is opened any more', () => {
  stop();
  vi.advanceTimersByTime(60_000);
  expect(streams).toHaveLength(1);
  expect(streams[0]?.isClosed).toBe(true);
});
