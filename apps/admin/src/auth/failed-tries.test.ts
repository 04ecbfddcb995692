import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFailedTries } from './failed-tries.ts';

const limits = { perAddress: 3, overall: 5, withinSeconds: 60 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an address is locked out after so many failures, and let try again after a while', () => {
  const tries = createFailedTries(limits);
  for (let i = 0; i < 3; i += 1) {
    expect(tries.lockedFor('192.0.2.1')).toBeUndefined();
    expect(tries.count('192.0.2.1')).toBeUndefined();
  }
  vi.advanceTimersByTime(20_000);
  expect(tries.lockedFor('192.0.2.1')).toBe(40);
  expect(tries.lockedFor('192.0.2.2')).toBeUndefined();
  vi.advanceTimersByTime(40_001);
  expect(tries.lockedFor('192.0.2.1')).toBeUndefined();
});

test('failures that come all at once are counted one by one', () => {
  const tries = createFailedTries(limits);
  const waits = Array.from({ length: 5 }, () => tries.count('192.0.2.1'));
  expect(waits).toEqual([undefined, undefined, undefined, 60, 60]);
});

test('too many from everywhere are refused, and lock nobody out', () => {
  const tries = createFailedTries(limits);
  for (let i = 0; i < 5; i += 1) expect(tries.count(`192.0.2.${i}`)).toBeUndefined();
  for (let i = 5; i < 50; i += 1) expect(tries.count(`192.0.2.${i}`)).toBe(60);
  expect(tries.lockedFor('192.0.2.49')).toBeUndefined();
});

test('all addresses of a network of IPv6 are one', () => {
  const tries = createFailedTries(limits);
  const same = ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::ffff'];
  for (const address of same) tries.count(address);
  expect(tries.lockedFor('2001:db8:1:2:dead:beef::')).toBe(60);
  for (const other of ['2001:db8:1:3::1', '2001:db8::1', '::1', '::ffff:192.0.2.1', '192.0.2.1'])
    expect(tries.lockedFor(other)).toBeUndefined();
});

test('more addresses than are remembered are counted by their networks, and then all together', () => {
  const tries = createFailedTries({ ...limits, overall: 1_000, addresses: 2 });
  for (const remembered of ['192.0.2.1', '192.0.2.2']) tries.count(remembered);
  for (let i = 1; i <= 3; i += 1) tries.count(`198.51.100.${i}`);
  expect(tries.lockedFor('198.51.100.99')).toBe(60);
  // Who is remembered alone does not suffer from neighbours, nor does another network.
  for (const other of ['192.0.2.1', '203.0.113.1', '2001:db8::1'])
    expect(tries.lockedFor(other)).toBeUndefined();
  for (let i = 1; i <= 3; i += 1) tries.count(`2001:db8:7:${i}::1`);
  expect(tries.lockedFor('2001:db8:7:ffff::1')).toBe(60);
  for (let i = 0; i < 1_000; i += 1) tries.count(`203.0.${i % 256}.1`);
  expect(tries.count('203.0.113.1')).toBe(60);
  expect(tries.lockedFor('203.0.113.1')).toBeUndefined();
  vi.advanceTimersByTime(60_001);
  expect(tries.lockedFor('198.51.100.99')).toBeUndefined();
  expect(tries.count('203.0.113.1')).toBeUndefined();
});

test('an address is counted, too, after too many from everywhere', () => {
  const tries = createFailedTries(limits);
  for (let i = 0; i < 500; i += 1) tries.count(`198.51.100.${i % 250}`);
  for (let i = 0; i < 3; i += 1) expect(tries.count('192.0.2.1')).toBe(60);
  expect(tries.lockedFor('192.0.2.1')).toBe(60);
});
