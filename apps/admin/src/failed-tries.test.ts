import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFailedTries } from './failed-tries.ts';

const limits = { perAddress: 3, overall: 5, withinSeconds: 60 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an address is locked out after so many failures, and let try again after a while', async () => {
  const tries = createFailedTries(limits);
  for (let i = 0; i < 3; i += 1) {
    expect(await tries.lockedFor('192.0.2.1')).toBeUndefined();
    expect(await tries.count('192.0.2.1')).toBeUndefined();
  }
  vi.advanceTimersByTime(20_000);
  expect(await tries.lockedFor('192.0.2.1')).toBe(40);
  expect(await tries.lockedFor('192.0.2.2')).toBeUndefined();
  vi.advanceTimersByTime(40_001);
  expect(await tries.lockedFor('192.0.2.1')).toBeUndefined();
});

test('failures that come all at once are counted one by one', async () => {
  const tries = createFailedTries(limits);
  const waits = await Promise.all(Array.from({ length: 5 }, () => tries.count('192.0.2.1')));
  expect(waits).toEqual([undefined, undefined, undefined, 60, 60]);
});

test('too many from everywhere are refused, and lock nobody out', async () => {
  const tries = createFailedTries(limits);
  for (let i = 0; i < 5; i += 1) expect(await tries.count(`192.0.2.${i}`)).toBeUndefined();
  for (let i = 5; i < 50; i += 1) expect(await tries.count(`192.0.2.${i}`)).toBe(60);
  expect(await tries.lockedFor('192.0.2.49')).toBeUndefined();
});

test('all addresses of a network of IPv6 are one', async () => {
  const tries = createFailedTries(limits);
  const same = ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::ffff'];
  for (const address of same) await tries.count(address);
  expect(await tries.lockedFor('2001:db8:1:2:dead:beef::')).toBe(60);
  for (const other of ['2001:db8:1:3::1', '2001:db8::1', '::1', '::ffff:192.0.2.1'])
    expect(await tries.lockedFor(other)).toBeUndefined();
});
