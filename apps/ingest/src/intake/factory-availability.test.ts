import {
  createMemoryBreakerStore,
  trustedState,
  type BreakerState,
  type MemoryBreakerStore,
} from '@proofbox/factory/breaker';
import { beforeEach, expect, test } from 'vitest';
import { watchFactoryAvailability, type FactoryAvailability } from './factory-availability.ts';

const now = Date.UTC(2026, 10, 23, 14);
const waitMs = 4_000;
let breakers: MemoryBreakerStore;
let queuePause: { isPaused: boolean };
let pause: () => void;
let woken: number;
let availability: FactoryAvailability;
beforeEach(() => {
  breakers = createMemoryBreakerStore();
  queuePause = { isPaused: false };
  woken = 0;
  availability = watchFactoryAvailability({
    breakers,
    queuePause: {
      get: () => queuePause,
      watch: (listener) => {
        pause = () => listener((queuePause = { isPaused: true }));
      },
    },
    factories: ['primary', 'fallback'],
    settledNotifier: { wakeAll: () => (woken += 1) },
    now: () => now,
  });
});

async function set(name: 'primary' | 'fallback', fields: Partial<BreakerState>): Promise<void> {
  await breakers.update(name, () => ({ ...trustedState(name), ...fields }));
}

/** Of an outage that nobody outwaits. */
const down: Partial<BreakerState> = { state: 'open', failingSince: now - 600_000, openUntil: now + 20_000 };

test('with factories of which nothing is known it is worth waiting, for as long as the diner does', () => {
  expect(availability.worthWaitingMs(waitMs)).toBe(waitMs);
  expect(availability.worthWaitingMs(0)).toBe(0);
});

test('one that takes orders is enough', async () => {
  await set('primary', down);
  expect(availability.worthWaitingMs(waitMs)).toBe(waitMs);
  expect(woken).toBe(0);
});

test('when the last one shuts nobody waits any longer, nor begins to', async () => {
  await set('primary', down);
  await set('fallback', down);
  expect(woken).toBe(1);
  expect(availability.worthWaitingMs(waitMs)).toBe(0);
});

test('while one of them is tried, those who wait wait on: what the probe finds may be a receipt', async () => {
  await set('primary', down);
  await set('fallback', {
    ...down,
    openUntil: now - 1,
    probe: { orderId: 'p', worker: 'w', until: now + 7_000 },
  });
  expect(woken).toBe(0);
});

test('an outage that has only begun sends nobody away', async () => {
  const young: Partial<BreakerState> = { state: 'open', failingSince: now - 400, openUntil: now + 300 };
  await set('primary', young);
  await set('fallback', young);
  expect(woken).toBe(0);
  expect(availability.worthWaitingMs(waitMs)).toBeGreaterThan(0);
});

test('while the queue is paused nobody waits', () => {
  pause();
  expect(woken).toBe(1);
  expect(availability.worthWaitingMs(waitMs)).toBe(0);
});
